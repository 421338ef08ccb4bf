import type { Command } from 'commander';
import { addQueueFlags } from '../queue/queue-flags.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { addExtractionFlags, type ExtractionFlags } from './extraction-flags.js';
import { runExtraction } from './extraction-job.js';

interface ExtractFlags extends ExtractionFlags, OutputFlags {
  readonly out?: string;
}

/** Register `retinabench ijbc extract`. */
export function registerExtract(ijbc: Command): void {
  const command = ijbc.command('extract');
  addQueueFlags(addExtractionFlags(command)).option(
    '--out <file>',
    'the features, .npy (default: results/ijbc-features/<data set>-<detector>-<embedder>-<hash of the settings>.npy)',
  );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Writes, beside features.npy: features-flip.npy (mirrored crops), features-points.txt (points and scores as found) and
features.json (models and settings, which ijbc verify puts into its record) and
features-images.jsonl (the hash of each image, so that images are not read again to see that they are the same).

Example:
  retinabench ijbc extract --meta ../shared/datasets/lfw --model retinaface-mnet025 \\
    --embedder mobilefacenet-128d --out features.npy`,
    )
    .action(runExtract);
}

async function runExtract(flags: ExtractFlags): Promise<void> {
  const output = outputOf(flags);
  const { files, images, facesNotFound, resumed } = await runExtraction(output, flags, flags.out);
  printJson(output, {
    ...files,
    images,
    facesNotFound,
    resumed: resumed?.images ?? 0,
    ...(resumed === undefined ? {} : { resumedFrom: resumed.earliest }),
  });
  printResult(
    output,
    `${images.toLocaleString('en')} images, no face found in ${facesNotFound.toLocaleString('en')}: ${files.features}`,
  );
}
