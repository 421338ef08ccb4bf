import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import type { ExtractionFlags } from './extraction-flags.js';
import { runExtraction } from './extraction-job.js';

interface ExtractFlags extends ExtractionFlags, OutputFlags {
  readonly out?: string;
}

/** The action of `retinabench ijbc extract`. */
export async function runExtract(flags: ExtractFlags): Promise<void> {
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
