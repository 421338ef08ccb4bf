import path from 'node:path';
import {
  browserAdapters,
  browserEnvironments,
  browserWarnings,
  detectionSettings,
  HeadReader,
  loadBackend,
  type ResizeKernel,
  resizeKernels,
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
import { cardSettings, defaultModelId } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import type { ProtocolSettings } from '@retinabench/results';
import { type Command, Option } from 'commander';
import { addDetectorFlags, askedProtocol, type DetectorFlags } from '../detection/flags.js';
import { exitCodes } from '../exit.js';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { addOutputFlags, numberBetween, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
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
  readonly shard?: string;
  readonly strict?: boolean;
  readonly out?: string;
}

/** Register `retinabench wider loss`. */
export function registerWiderLoss(wider: Command): void {
  const command = wider
    .command('loss')
    .option('--data <dir>', 'data set root (default: RETINABENCH_DATA, else the pulled one, else the embedded mini)')
    .option('--gt <dir>', 'folder or file of the ground truth (default: ground_truth in the data set root)')
    .addOption(
      new Option('--loss <preset>', "paper: equation 1 of arXiv:1905.00641; mnet: the public MobileNet-0.25's training")
        .choices(['paper', 'mnet'])
        .default('paper'),
    )
    .option('--positive-iou <n>', "an anchor is positive from this IoU (default: the preset's)", numberBetween(0, 1))
    .option('--negative-iou <n>', "an anchor is background below this IoU (default: the preset's)", numberBetween(0, 1))
    .option('--negatives <n>', "negatives mined per positive (default: the preset's)", wholeNumber(0))
    .option('--scale <rule>', 'original, original:MAX, long:N, vga or short:1600,2150 (default: original)')
    .addOption(
      new Option('--resize <kernel>', 'how images are resized (default: opencv-linear)').choices(resizeKernels),
    )
    .option('--limit <n>', 'the first n images by name only', wholeNumber(1))
    .option('--shard <i/n>', 'the i-th of n equal parts only')
    .option('--strict', 'exit 2 if any image cannot be read')
    .option('--out <file>', 'the record (default: results/loss/<model>-<data set>-<hash of all conditions>.json)');
  addOutputFlags(addDetectorFlags(command))
    .addHelpText(
      'after',
      `
The loss is that of one batch of all images. Only models with the heads of RetinaFace have one; see models list.
Exit codes: 0 done; 2 invalid input; 3 environment.

Example:
  retinabench wider loss --model retinaface-mnet025 --data ../shared/datasets/wider --loss mnet --scale vga --limit 100`,
    )
    .action(runLoss);
}

async function runLoss(flags: LossFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const { card, bytes, sizeBytes, warnings } = await resolveModel(flags.model ?? defaultModelId);
  const protocol = resolveProtocol(askedProtocol(flags), card);
  const backend = await loadBackend(flags.backend);
  const browsers = await browserEnvironments([backend.id]);
  const session = await backend.createSession(bytes, `model ${card.id}`, { threads: flags.threads });
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
    const { scale, resize } = detectionSettings(protocol, card);
    const settings: ProtocolSettings = {
      metric: 'multi-task-loss',
      loss: flags.loss,
      ...lossSettings(options),
      scale,
      resize,
      ...cardSettings(card),
    };
    const content: RecordContent = {
      kind: 'loss',
      ...lossContent(result),
      protocol: settings,
      model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
      backend: { id: backend.id, version: await backend.version(), threads: flags.threads },
      code: detectionBuild(),
      runtimes: { ...runtimeVersions(backend.id), ...browserAdapters(browsers) },
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
