import { openRunFolder, type Predictions, predictWider, type RunFolder } from '@retinabench/eval-wider';
import { imageLimit } from '../detection/flags.js';
import { resumedNotes } from '../record/resumed-notes.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import type { DetectionJobFlags, DetectionPlan } from './detection-plan.js';
import { describeFailures, exitCodeOfFailures, failureNotes, nothingDetected } from './failures.js';

/** A finished run of a detector over a data set. */
export interface DetectionJob {
  readonly predictions: Predictions;
  /** The run that holds the detections. */
  readonly run: RunFolder;
  /** What makes the number doubtful: the model's warnings, and images that could not be detected. */
  readonly warnings: readonly string[];
}

/**
 * Detect on a data set, going on where an earlier run of the same identity stopped.
 *
 * @param folder where the detections go.
 * @param finish works on the finished job while the folder is still held.
 * @returns the exit code that the images which failed ask for (exitCodeOfFailures).
 * @throws as openRunFolder and predictWider; nothingDetected if no image could be detected.
 */
export async function runDetectionJob(
  output: Output,
  flags: DetectionJobFlags,
  plan: DetectionPlan,
  folder: string,
  finish: (job: DetectionJob) => Promise<void>,
): Promise<number> {
  const { model, dataset, images } = plan;
  for (const note of [plan.notes[0], ...model.warnings]) printNote(note);
  const run = openRunFolder(folder, plan.identity, flags.fresh === true);
  try {
    const predictions = await detectImages(output, flags, plan, run);
    const { failed } = predictions;
    if (!output.quiet) for (const note of resumedNotes(predictions, images.length)) printNote(note);
    for (const note of failureNotes(failed)) printNote(note);
    if (predictions.detected.length === 0) throw nothingDetected(failed, dataset.root);
    await finish({ predictions, run, warnings: [...model.warnings, ...describeFailures(failed, images.length)] });
    return exitCodeOfFailures(failed, flags.strict === true);
  } finally {
    run.close();
  }
}

function detectImages(
  output: Output,
  flags: DetectionJobFlags,
  { model, asked, images }: DetectionPlan,
  run: RunFolder,
): Promise<Predictions> {
  const advice = (): string =>
    `${run.finished.size} finished images are kept in ${run.folder}: run the same command again to go on`;
  return interruptible(advice, async (signal) => {
    let progress: Progress | undefined;
    try {
      return await predictWider({
        model,
        backend: flags.backend,
        threads: flags.threads,
        asked,
        boxRounding: flags.boxRounding,
        images,
        workers: flags.workers,
        run,
        ...imageLimit(flags),
        onProgress: (done) => {
          progress ??= startProgress(output, images.length, 'images', done);
          progress.update(done);
        },
        signal,
      });
    } finally {
      progress?.stop();
    }
  });
}
