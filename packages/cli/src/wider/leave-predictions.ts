import type { LoggedImage, RunFolder } from '@retinabench/backends/runs';
import { removePredictions, WrittenFolders, writeSubmission } from '@retinabench/eval-wider';
import { printNote } from '../terminal/output.js';

/** Files that a note names. */
const mostNamed = 3;

/**
 * Write the prediction files of a run beside its log, so that the run folder is what `--pred` and `report --gallery` take; files
 * of images that this run does not have are removed. Files that are as they would be written are left as they are; those that
 * others changed are named.
 *
 * @throws {DatasetError}, {EnvironmentError} as writeSubmission and removePredictions.
 */
export async function leavePredictions(run: RunFolder, detected: readonly LoggedImage[]): Promise<void> {
  const changed = await writeSubmission(run.folder, detected, new WrittenFolders(run.folder));
  if (changed.length > 0) {
    const named = changed.slice(0, mostNamed).map(({ image }) => `${image}.txt`);
    const more = changed.length > mostNamed ? ` and ${changed.length - mostNamed} more` : '';
    printNote(
      `${run.folder}: ${changed.length === 1 ? 'a prediction file was' : `${changed.length} prediction files were`} changed by somebody else (${named.join(', ')}${more}); written again as the run detected them; to score changed ones, keep them in another folder`,
    );
  }
  if (run.finished.areAll(detected.length)) return;
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
