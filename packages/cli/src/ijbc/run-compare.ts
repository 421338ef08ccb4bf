import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defaultModelId } from '@retinabench/models';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { embeddedTemplateSet } from './embedded-set.js';
import type { ExtractionFlags } from './extraction-flags.js';
import { runExtraction } from './extraction-job.js';
import type { PoolingFlags } from './pooling-flags.js';
import type { VerificationFlags } from './verification-flags.js';
import { verificationFolder } from './verification-record.js';
import { verifyFeatures } from './verify-features.js';

interface CompareFlags extends ExtractionFlags, PoolingFlags, VerificationFlags, OutputFlags {
  readonly against: string;
  readonly out?: string;
}

/** The action of `retinabench ijbc compare`. */
export async function runCompare(flags: CompareFlags): Promise<void> {
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
