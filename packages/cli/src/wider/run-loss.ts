import path from 'node:path';
import {
  browserEnvironments,
  browserWarnings,
  type DetectionProtocol,
  detectionSettings,
  HeadReader,
  loadBackend,
  type ResizeKernel,
  resizerFor,
  resolveProtocol,
  runtimeVersions,
} from '@retinabench/backends';
import { detectionBuild } from '@retinabench/backends/runs';
import { anchorPresets, type MultiTaskOptions, type MultiTaskPreset } from '@retinabench/core';
import { resolveDataset } from '@retinabench/datasets';
import {
  datasetHashes,
  loadGroundTruth,
  lossOptions,
  lossSettings,
  restrictGroundTruth,
  ValidationLoss,
} from '@retinabench/eval-wider';
import { cardSettings, defaultModelId, type ModelCard } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import type { ProtocolSettings } from '@retinabench/results';
import { askedProtocol, type DetectorFlags, sessionLimit } from '../detection/flags.js';
import { exitCodes } from '../exit.js';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { annotatedImages } from './annotated-images.js';
import { addImages } from './loss-job.js';
import { formatLoss, lossContent } from './loss-table.js';

const recordFolder = path.join('results', 'loss');

interface LossFlags extends DetectorFlags, OutputFlags {
  readonly data?: string;
  readonly gt?: string;
  readonly loss: MultiTaskPreset;
  readonly positiveIou?: number;
  readonly negativeIou?: number;
  readonly negatives?: number;
  readonly scale?: string;
  readonly resize?: ResizeKernel;
  readonly limit?: number;
  readonly imageTimeout: number;
  readonly shard?: string;
  readonly strict?: boolean;
  readonly out?: string;
}

/** The action of `retinabench wider loss`. */
export async function runLoss(flags: LossFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const { card, bytes, sizeBytes, warnings } = await resolveModel(flags.model ?? defaultModelId);
  const protocol = resolveProtocol(askedProtocol(flags), card);
  const backend = await loadBackend(flags.backend);
  const browsers = await browserEnvironments([backend.id]);
  const session = await backend.createSession(bytes, `model ${card.id}`, {
    threads: flags.threads,
    ...sessionLimit(flags),
  });
  try {
    const reader = new HeadReader(card, session, protocol.scale, resizerFor(protocol.resize));
    const options = lossOptionsOf(flags, reader.decoder.variances);
    const dataset = await resolveDataset(flags.data);
    const groundTruth = loadGroundTruth(flags.gt ?? path.join(dataset.root, 'ground_truth'));
    const { images, notes: selection } = await annotatedImages(dataset.root, groundTruth, flags);
    const notes = [...dataset.notes, ...selection];
    for (const note of [...notes, ...warnings]) printNote(note);

    const loss = new ValidationLoss(anchorPresets[reader.decoder.anchors], options);
    const { failed, sha256 } = await addImages(output, loss, reader, groundTruth, images);
    if (failed.length > 0) {
      notes.push(`${failed.length} of ${images.length} images could not be read and are left out.`);
      if (flags.strict) process.exitCode = exitCodes.invalidInput;
    }
    const doubts = [...warnings, ...browserWarnings(browsers), ...failed];
    const result = loss.result();
    const content: RecordContent = {
      kind: 'loss',
      ...lossContent(result),
      protocol: settingsOf(flags, options, protocol, card),
      model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
      backend: { id: backend.id, version: await backend.version(), threads: flags.threads },
      code: detectionBuild(),
      runtimes: await runtimeVersions(backend.id),
      browsers,
      dataset: {
        name: dataset.name,
        images: result.images,
        ...datasetHashes(restrictGroundTruth(groundTruth, new Set(sha256.keys())), sha256),
        notes,
      },
      ...(doubts.length > 0 ? { warnings: doubts } : {}),
    };
    const place = recordFile(recordFolder, `${card.id}-${dataset.name}`, content);
    const record = await writeRecord(output, flags.out ?? place, content);
    printResult(output, `${formatLoss(result, record.protocol, notes)}\n${formatProvenance(record)}`);
  } finally {
    await session.dispose();
  }
}

function settingsOf(
  flags: LossFlags,
  options: MultiTaskOptions,
  protocol: DetectionProtocol,
  card: ModelCard,
): ProtocolSettings {
  const { scale, resize } = detectionSettings(protocol, card);
  return {
    metric: 'multi-task-loss',
    loss: flags.loss,
    ...lossSettings(options),
    scale,
    resize,
    ...cardSettings(card),
  };
}

/** The preset with what the flags change. */
function lossOptionsOf(flags: LossFlags, variances: MultiTaskOptions['variances']): MultiTaskOptions {
  const preset = lossOptions(flags.loss, variances);
  return {
    ...preset,
    match: {
      ...preset.match,
      positiveIou: flags.positiveIou ?? preset.match.positiveIou,
      negativeIou: flags.negativeIou ?? preset.match.negativeIou,
    },
    mining: { ...preset.mining, negativesPerPositive: flags.negatives ?? preset.mining.negativesPerPositive },
  };
}
