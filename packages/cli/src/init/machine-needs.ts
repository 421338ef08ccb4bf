import path from 'node:path';
import { catalogue } from '@retinabench/models';
import { cardPathOf } from '@retinabench/models/node';

/** What the machine of a workflow needs beside the repository and its packages. */
export interface MachineNeeds {
  /** Sentences, for the workflow and the terminal; each in one line. */
  readonly needs: readonly string[];
  /** Id of the model that the workflow has to pull; absent: none, or it cannot. */
  readonly pull?: string;
}

/**
 * What a machine that has the repository alone needs to run the commands: the model and the data.
 *
 * @param model id or path of an .onnx that is known to exist here.
 * @param data  folder as the configuration names it; empty: the embedded set.
 */
export function machineNeeds(model: string, data: string): MachineNeeds {
  const ofData =
    data === ''
      ? [
          'data: none is named, so that it takes the embedded set, which is not WIDER FACE; make the baseline on that, too',
        ]
      : [`data: ${JSON.stringify(data)} at this place from retinabench.json; commit it, or add a step that gets it`];
  if (/\.onnx$/i.test(model)) {
    const [file, card] = [model, path.basename(cardPathOf(model))].map((name) => JSON.stringify(name));
    return { needs: [`model: ${file} with ${card} beside it; commit both, or add a step that gets them`, ...ofData] };
  }
  const known = catalogue.get(model);
  if (known === undefined) {
    return {
      needs: [
        `model: ${model}, which lies in the cache of this machine alone; commit its .onnx with its card and name that path`,
        ...ofData,
      ],
    };
  }
  if (known.origin !== 'checkpoint' && known.origin !== 'published') return { needs: ofData };
  if (known.file.urls.length === 0) {
    return {
      needs: [
        `model: ${model}, which cannot be downloaded; add a step that puts ${known.file.name} into a folder and runs: npx retinabench models pull ${model} --accept-licence --from FOLDER`,
        ...ofData,
      ],
    };
  }
  return {
    needs: [
      `model: ${model}, which the workflow pulls; by --accept-licence you agree to its licence, ${known.card.licence.replace(/\s+/g, ' ')}`,
      ...ofData,
    ],
    pull: model,
  };
}
