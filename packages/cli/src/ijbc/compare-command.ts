import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defaultModelId } from '@retinabench/models';
import type { Command } from 'commander';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { embeddedTemplateSet } from './embedded-set.js';
import { addExtractionFlags, type ExtractionFlags } from './extraction-flags.js';
import { runExtraction } from './extraction-job.js';
import { addPoolingFlags, type PoolingFlags } from './pooling-flags.js';
import { addVerificationFlags, type VerificationFlags } from './verification-flags.js';
import { verificationFolder } from './verification-record.js';
import { verifyFeatures } from './verify-features.js';

interface CompareFlags extends ExtractionFlags, PoolingFlags, VerificationFlags, OutputFlags {
  readonly against: string;
  readonly out?: string;
}

/** Register `retinabench ijbc compare`. */
export function registerCompare(ijbc: Command): void {
  const command = ijbc.command('compare').requiredOption('--against <id>', 'the detector to compare --model with');
  addVerificationFlags(addPoolingFlags(addExtractionFlags(command))).option(
    '--out <file>',
    'the record (default: results/ijbc-verification/<name of the features>-<hash of all conditions>.json)',
  );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Everything but the detector is the same for both: embedder, alignment, pooling, pairs and the resampled subjects.

Example:
  retinabench ijbc compare --meta ../shared/datasets/lfw --images ../shared/datasets/lfw/images-50px --resize-long 250 \\
    --pairs all-images --model retinaface-mnet025 --against ultraface-rfb-320 --embedder mobilefacenet-128d`,
    )
    .action(runCompare);
}

async function runCompare(flags: CompareFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(verificationFolder, '*.json'), recordOutput);
  const model = flags.model ?? defaultModelId;
  const meta = flags.meta ?? flags.data ?? (await embeddedTemplateSet()).folder;
  const candidate = await runExtraction(output, { ...flags, meta, model }, undefined);
  const baseline = await runExtraction(output, { ...flags, meta, model: flags.against }, undefined);
  const { features, flipped } = candidate.files;
  await verifyFeatures({
    ...flags,
    meta,
    // The flag counts threads of a session; pairs are scored by all cores.
    threads: availableParallelism(),
    features,
    against: baseline.files.features,
    ...(existsSync(flipped) ? { featuresFlip: flipped, againstFlip: baseline.files.flipped } : {}),
  });
  printResult(
    output,
    `no face found: ${candidate.facesNotFound} of ${candidate.images} images by ${model}, ${baseline.facesNotFound} by ${flags.against}`,
  );
}
