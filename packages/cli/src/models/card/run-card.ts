import { existsSync } from 'node:fs';
import path from 'node:path';
import { type CardDraft, describeSize, draftCard, loadBackend } from '@retinabench/backends';
import { ModelError } from '@retinabench/core';
import {
  assertCard,
  countParameters,
  countTfliteParameters,
  familyDefaults,
  formatCard,
  isTflite,
  type ModelCard,
  readOnnx,
  readTflite,
} from '@retinabench/models';
import { cardPathOf, type OnnxFile, readOnnxFile } from '@retinabench/models/node';
import { type OutputFlags, outputOf } from '../../terminal/flags.js';
import { type Output, printJson, printNote, printResult } from '../../terminal/output.js';
import { requireWritable, writeOutput } from '../../terminal/output-file.js';
import { startProgress } from '../../terminal/progress.js';
import { evidenceTable } from './evidence-table.js';
import { networkInput } from './network-input.js';
import { draftPhotographs } from './photographs.js';
import { draftPicture } from './picture.js';
import { parseSides } from './side-flag.js';
import { weakEvidence } from './weak-evidence.js';

interface CardFlags extends OutputFlags {
  readonly out?: string;
  readonly picture?: string;
  readonly id?: string;
  readonly side?: readonly string[];
  readonly force?: boolean;
}

/** The action of `retinabench models card`. */
export async function runCard(onnx: string, flags: CardFlags): Promise<void> {
  const output = outputOf(flags);
  const cardPath = flags.out ?? cardPathOf(onnx);
  const picturePath = flags.picture ?? `${cardPath.replace(/\.card\.json$|\.json$/, '')}.card.jpg`;
  if (existsSync(cardPath) && !flags.force) {
    throw new ModelError(`${cardPath}: there is a card already; pass --force to replace it, or --out FILE`);
  }
  const file = await readOnnxFile(onnx).catch((cause: Error & { code?: string }) => {
    if (cause.code === undefined) throw cause;
    throw new ModelError(`${onnx}: expected a readable model file, got ${cause.code}; check the path`, { cause });
  });
  await requireWritable(cardPath, { what: 'the card', flag: '--out FILE' });
  await requireWritable(picturePath, { what: 'the picture', flag: '--picture FILE' });
  const { draft, picture, sides } = await draftOf(file, onnx, flags, output);
  const card = assertCard(cardOf(draft, file, onnx, sides, flags.id), cardPath);
  await writeOutput(cardPath, formatCard(card), { what: 'the card', flag: '--out FILE' });
  await writeOutput(picturePath, picture, { what: 'the picture', flag: '--picture FILE' });
  const { rows, evidence, notes, family } = draft;
  const weak = weakEvidence(evidence);
  const doubts = weak === undefined ? draft.doubts : [weak, ...draft.doubts];
  const compact = rows.map(({ evidence: one, ...row }) => ({
    ...row,
    fitness: one?.fitness ?? 0,
    found: one?.found ?? 0,
  }));
  printJson(output, { card, cardPath, picturePath, family, doubts, notes, fitness: evidence.fitness, rows: compact });
  printResult(
    output,
    [
      evidenceTable(draft),
      '',
      `family:   ${family}`,
      `input:    ${draft.normalisation.title}; ${describeSize(draft.size)}`,
      `found:    ${evidence.found} of ${evidence.faces} annotated faces, AP ${evidence.ap.toFixed(3)} at IoU 0.5`,
      `card:     ${cardPath}`,
      `picture:  ${picturePath}`,
    ].join('\n'),
  );
  for (const doubt of doubts) printNote(`doubt: ${doubt}`);
  for (const note of notes) printNote(`note: ${note}`);
  if (!draft.landmarks && draft.decoder.landmarks !== undefined) {
    printNote("note: the outputs hold points that are no five landmarks of a face; the card's landmarks is false");
  }
  printNote('note: fill in source and licence; score floor and NMS are those that the family is published with');
}

async function draftOf(
  file: OnnxFile,
  onnx: string,
  { side = [] }: CardFlags,
  output: Output,
): Promise<{ draft: CardDraft; picture: Uint8Array; sides: ModelCard['input']['sides'] }> {
  const images = await draftPhotographs();
  const backend = await loadBackend(isTflite(file.bytes) ? 'litert-wasm' : 'ort-node');
  const session = await backend.createSession(file.bytes, onnx, { threads: 1 });
  const progress = startProgress(output, 100, '%');
  try {
    const sides = parseSides(side, session, onnx);
    const { base, sizes } = networkInput(session, sides, onnx);
    const draft = await draftCard({
      session,
      base,
      sizes,
      images,
      suppresses: suppresses(file.bytes, onnx),
      onStep: (done, of) => progress.update(Math.round((100 * done) / of)),
    });
    return { draft, picture: await draftPicture(images, draft.evidence), sides };
  } catch (cause) {
    if (cause instanceof ModelError && !cause.message.startsWith(onnx)) {
      throw new ModelError(`${onnx}: ${cause.message}`, { cause });
    }
    throw cause;
  } finally {
    progress.stop();
    await session.dispose();
  }
}

/** Whether the network suppresses by itself. */
function suppresses(bytes: Uint8Array, place: string): boolean {
  if (isTflite(bytes))
    return readTflite(bytes, place).nodes.some(({ operator }) => /^NON_MAX_SUPPRESSION/.test(operator));
  return readOnnx(bytes, place).graph.nodes.some(({ op }) => op === 'NonMaxSuppression');
}

function cardOf(
  draft: CardDraft,
  file: OnnxFile,
  onnx: string,
  sides: ModelCard['input']['sides'],
  id: string | undefined,
): unknown {
  const { normalisation, size, decoder, family, evidence, base } = draft;
  const name = path.basename(onnx).replace(/\.(onnx|tflite)$/i, '');
  const { colourOrder, mean, scale } = normalisation;
  const { scoreFloor, nmsIou, nmsConvention } = familyDefaults(family);
  const suppression = {
    ...(nmsIou === undefined ? {} : { nmsIou }),
    ...(nmsConvention === undefined ? {} : { nmsConvention }),
  };
  return {
    schemaVersion: 1,
    id:
      id ??
      (name
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[._-]+/, '')
        .slice(0, 100) ||
        'model'),
    title: `${name} (${family})`,
    task: 'face-detection',
    source: `unknown; card drafted by retinabench models card, fitness ${evidence.fitness.toFixed(3)} on the embedded photographs`,
    licence: 'unknown',
    sha256: file.sha256,
    parameters: isTflite(file.bytes)
      ? countTfliteParameters(readTflite(file.bytes, onnx))
      : countParameters(readOnnx(file.bytes, onnx)),
    input: { ...base, colourOrder, mean, scale, size, ...(sides?.length ? { sides } : {}) },
    decoder,
    defaults: { scoreFloor, ...(decoder.suppressed === undefined ? suppression : {}) },
    landmarks: draft.landmarks,
  };
}
