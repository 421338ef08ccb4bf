import { openRunFolder as openGeneralRunFolder, type RunFolder, type RunIdentity } from '@retinabench/backends/runs';
import { removePredictions } from './remove-predictions.js';
import { parseWiderEntry } from './wider-entry.js';

/**
 * Open the run folder of a detector on WIDER FACE for writing, or begin one. Beside its log it holds prediction files.
 *
 * @param fresh discard what an earlier run left: its log and the prediction files that it names, nothing else.
 * @throws {DatasetError}, {EnvironmentError} as openRunFolder of `@retinabench/backends/runs`.
 */
export function openRunFolder(folder: string, identity: RunIdentity, fresh: boolean): RunFolder {
  return openGeneralRunFolder({
    folder,
    identity,
    fresh,
    parse: parseWiderEntry,
    form: 'detections of WIDER FACE',
    discardOutputs: (images) => {
      removePredictions(folder, images);
    },
  });
}
