import { describeOtherMachines } from '../queue/other-machines.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import type { ExtractionFlags } from './extraction-flags.js';
import { runExtraction } from './extraction-job.js';

interface ExtractFlags extends ExtractionFlags, OutputFlags {
  readonly out?: string;
}

/** The action of `retinabench ijbc extract`. */
export async function runExtract(flags: ExtractFlags): Promise<void> {
  const output = outputOf(flags);
  const { files, images, facesNotFound, resumed, otherMachines } = await runExtraction(output, flags, flags.out);
  printJson(output, {
    ...files,
    images,
    facesNotFound,
    resumed: resumed?.images ?? 0,
    ...(otherMachines.length === 0 ? {} : { otherMachines }),
    ...(resumed === undefined ? {} : { resumedFrom: resumed.earliest }),
  });
  for (const note of describeOtherMachines(otherMachines, images)) printNote(note);
  printResult(
    output,
    `${images.toLocaleString('en')} images, no face found in ${facesNotFound.toLocaleString('en')}: ${files.features}`,
  );
}
