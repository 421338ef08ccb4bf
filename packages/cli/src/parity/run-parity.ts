import path from 'node:path';
import {
  apTolerance,
  type Backend,
  backendIds,
  browserEnvironments,
  browserWarnings,
  decodeImage,
  detectionSettings,
  loadBackend,
  ParityRun,
  parseBrowserBackend,
  readImageFile,
  resizerFor,
  resolveProtocol,
  runtimeVersions,
  unmatchedShare,
} from '@retinabench/backends';
import { detectionBuild } from '@retinabench/backends/runs';
import { EnvironmentError, ModelError } from '@retinabench/core';
import { listWiderImages, resolveDataset } from '@retinabench/datasets';
import { loadGroundTruth } from '@retinabench/eval-wider';
import { filesDigest } from '@retinabench/files';
import { isTflite } from '@retinabench/models';
import type { LoadedModel } from '@retinabench/models/node';
import { resolveModel } from '@retinabench/models/node';
import { type ParityResult, summariseLatency } from '@retinabench/results';
import { askedProtocol, type ProtocolFlags, sessionLimit } from '../detection/flags.js';
import { exitCodes } from '../exit.js';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { ApComparison } from './ap-comparison.js';
import { departuresOf } from './departures.js';
import { parityTable } from './table.js';

const recordFolder = path.join('results', 'parity');

interface ParityFlags extends ProtocolFlags, OutputFlags {
  readonly model: string;
  readonly backend: readonly string[];
  readonly reference: string;
  readonly threads: number;
  readonly data?: string;
  readonly gt?: string;
  readonly limit: number;
  readonly imageTimeout: number;
  readonly layers?: boolean;
  readonly out?: string;
}

/** The action of `retinabench parity`. */
export async function runParity(flags: ParityFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const model = await resolveModel(flags.model);
  const protocol = resolveProtocol(askedProtocol(flags), model.card);
  assertReferenceRuns(model, flags.reference);
  const reference = await loadBackend(flags.reference);
  const { backends, missing } = await chooseBackends(flags);
  const compared = [reference, ...backends].map(({ id }) => id);
  const browsers = await browserEnvironments(compared);
  if (protocol.decode !== undefined) printNote(decodeNote(reference.id));
  const warnings = [...model.warnings, ...missing, ...browserWarnings(browsers)];
  for (const note of warnings) printNote(note);
  const dataset = await resolveDataset(flags.data);
  printNote(dataset.notes[0]);
  const images = (await listWiderImages(dataset.root)).slice(0, flags.limit);
  if (flags.gt !== undefined) loadGroundTruth(flags.gt);
  const resizer = resizerFor(protocol.resize);
  const options = { threads: flags.threads, ...sessionLimit(flags) };
  const run = await ParityRun.load(
    { bytes: model.bytes, card: model.card, protocol, ...(resizer ? { resizer } : {}) },
    reference,
    backends,
    options,
  );
  try {
    const ap = new ApComparison(flags.gt ?? path.join(dataset.root, 'ground_truth'), reference.id);
    const hashes = await compareImages(output, run, images, ap);
    const departures = flags.layers ? await departuresOf(run, reference, model, options) : new Map<string, string>();
    const results = await Promise.all(run.contenders.map((contender) => finish(contender, ap, departures)));
    const content = {
      ...(await describe(flags, model, reference, results)),
      protocol: { ...detectionSettings(protocol, model.card), unmatchedShare, apTolerance },
      dataset: {
        name: dataset.name,
        images: images.length,
        sha256: filesDigest(hashes),
        notes: dataset.notes,
      },
      code: detectionBuild(),
      runtimes: Object.assign({}, ...(await Promise.all(compared.map((id) => runtimeVersions(id))))),
      browsers,
      latencyMs: inferLatency(run, reference),
      ...(warnings.length > 0 ? { warnings } : {}),
    };
    const place = recordFile(recordFolder, `${model.card.id}-${dataset.name}`, content, {
      backends: backends.map(({ id }) => id),
    });
    const record = await writeRecord(output, flags.out ?? place, content);
    process.exitCode = exitCodeOf(results);
    printResult(output, parityTable(reference.id, results, content.latencyMs));
    printResult(output, formatRunProvenance([record]));
    for (const note of ap.notes) printNote(note);
  } finally {
    await run.dispose();
  }
}

/** Whose pixels are compared where browsers decode. */
function decodeNote(reference: string): string {
  const others = parseBrowserBackend(reference) === undefined ? `; ${reference} is given the pixels of sharp` : '';
  return `--decode browser: each browser decodes the files itself${others}`;
}

/** A backend out of tolerance is a regression; one that failed on the way was not compared, which is no verdict. */
function exitCodeOf(results: readonly ParityResult[]): number {
  const compared = results.filter(({ failure }) => failure === undefined);
  if (compared.some(({ withinTolerance }) => !withinTolerance)) return exitCodes.regression;
  return compared.length < results.length ? exitCodes.environment : exitCodes.pass;
}

/** A .tflite has its reference on LiteRT, since nothing else runs it. */
function assertReferenceRuns({ bytes, card }: LoadedModel, reference: string): void {
  if (!isTflite(bytes) || reference.endsWith('litert-wasm')) return;
  throw new ModelError(
    `model ${card.id}: ${reference}, the reference, does not run a .tflite; pass --reference litert-wasm with another litert-wasm ` +
      `to compare (--backend chromium/litert-wasm), or compare the .onnx that the file was made from`,
  );
}

/** The backends to compare, and a sentence on each that does not load here. */
async function chooseBackends(flags: ParityFlags): Promise<{ backends: Backend[]; missing: string[] }> {
  const backends: Backend[] = [];
  const missing: string[] = [];
  const asked = flags.backend.length > 0 ? flags.backend : backendIds.filter((id) => id !== flags.reference);
  for (const id of asked) {
    const backend = await loadBackend(id);
    const state = await backend.availability();
    if (state.available) {
      backends.push(backend);
      continue;
    }
    const reason = `backend ${id} is left out: ${state.reason}; ${state.remedy}`;
    if (flags.backend.length > 0) throw new EnvironmentError(reason);
    missing.push(reason);
  }
  if (backends.length === 0) throw new EnvironmentError('no backend to compare loads here; name one with --backend');
  return { backends, missing };
}

async function compareImages(
  output: Output,
  run: ParityRun,
  images: readonly { readonly event: string; readonly image: string; readonly file: string }[],
  ap: ApComparison,
): Promise<[name: string, sha256: string][]> {
  const hashes: [name: string, sha256: string][] = [];
  const progress = startProgress(output, images.length, 'images');
  try {
    await interruptible(
      () => 'a comparison that is cut short has no verdict: run it again, with a smaller --limit',
      async (signal) => {
        for (const [done, { event, image, file }] of images.entries()) {
          signal.throwIfAborted();
          const { bytes, sha256 } = await readImageFile(file);
          const pixels = await decodeImage(bytes, file);
          ap.addImage(`${event}/${image}`, pixels, await run.addImage({ pixels, file: bytes, place: file }));
          hashes.push([`${event}/${image}`, sha256]);
          progress.update(done + 1);
        }
      },
    );
  } finally {
    progress.stop();
  }
  return hashes;
}

async function finish(
  { backend, meter, failure }: ParityRun['contenders'][number],
  ap: ApComparison,
  departures: ReadonlyMap<string, string>,
): Promise<ParityResult> {
  const departure = departures.get(backend.id);
  return {
    ...meter.result(failure === undefined ? ap.difference(backend.id) : undefined),
    version: await backend.version(),
    ...(departure === undefined ? {} : { firstDeparture: departure }),
    ...(failure === undefined ? {} : { failure, withinTolerance: false }),
  };
}

async function describe(
  flags: ParityFlags,
  { card, sizeBytes }: LoadedModel,
  reference: Backend,
  parity: readonly ParityResult[],
): Promise<Omit<RecordContent, 'protocol'>> {
  return {
    kind: 'parity',
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { id: reference.id, version: await reference.version(), threads: flags.threads },
    parity,
  };
}

/** Time in the network by backend, image by image in turn. */
function inferLatency(run: ParityRun, reference: Backend): NonNullable<RecordContent['latencyMs']> {
  const rows = [
    [reference.id, run.referenceMs] as const,
    ...run.contenders.map((c) => [c.backend.id, c.inferMs] as const),
  ];
  return Object.fromEntries(rows.filter(([, ms]) => ms.length > 0).map(([id, ms]) => [id, summariseLatency(ms)]));
}
