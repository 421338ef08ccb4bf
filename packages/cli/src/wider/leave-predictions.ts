import type { LoggedImage, RunFolder } from '@retinabench/backends/runs';
import { removePredictions, WrittenFolders, writeSubmission } from '@retinabench/eval-wider';
import { printNote } from '../terminal/output.js';

/**
 * Write the prediction files of a run beside its log, so that the run folder is what `--pred` and `report --gallery` take; files
 * of images that this run does not have are removed. Folders of events that hold their files already are left as they are.
 *
 * @throws {DatasetError}, {EnvironmentError} as writeSubmission and removePredictions.
 */
export async function leavePredictions(run: RunFolder, detected: readonly LoggedImage[]): Promise<void> {
  await writeSubmission(run.folder, detected, new WrittenFolders(run.folder));
  const kept = new Set(detected.map(({ image }) => image));
  const removed = removePredictions(
    run.folder,
    [...run.named()].filter((image) => !kept.has(image)),
  );
  if (removed > 0) {
    printNote(
      `${run.folder}: ${removed} prediction files of an earlier run removed, of images that this one does not have (--limit, --shard, images that fail); their detections are kept: the command that made them writes them again`,
    );
  }
}
