import {
  type DetectedImages,
  type DetectImagesOptions,
  type DetectionRun,
  detectImages,
  LoadWatch,
} from '@retinabench/backends/runs';
import { requireQueue } from '../queue/queue-flags.js';
import { resumedNotes } from '../record/resumed-notes.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote, printNoteOnce } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { describeOtherMachines, detectOnQueue } from './detect-on-queue.js';
import type { DetectionPlan } from './detection-plan.js';
import { describeFailures, exitCodeOfFailures, failureNotes, nothingDetected } from './failures.js';
import { imageLimit } from './flags.js';
import { type OwnTimes, ownTimes } from './own-times.js';
import type { DetectionFlags } from './resolve-detector.js';

/** A finished run of a detector over images. */
export interface DetectionJob<Run extends DetectionRun> {
  readonly detected: DetectedImages;
  /** The run that holds the detections. */
  readonly run: Run;
  /** What makes the number doubtful: the model's warnings, and images that could not be detected. */
  readonly warnings: readonly string[];
  /** What a record says of the time of the detector; computed when it is asked for. */
  readonly times: OwnTimes;
}

/**
 * Detect on images, going on where an earlier run of the same identity stopped.
 *
 * @param openRun opens the run that keeps the detections: `openRunFolder`, or `memoryRun` to leave nothing behind.
 * @param finish works on the finished job while the run is still held.
 * @returns the exit code that the images which failed ask for (exitCodeOfFailures).
 * @throws as openRun and detectImages; nothingDetected if no image could be detected.
 */
export async function runDetectionJob<Run extends DetectionRun>(
  output: Output,
  flags: DetectionFlags,
  plan: DetectionPlan,
  openRun: () => Run,
  finish: (job: DetectionJob<Run>) => Promise<void>,
): Promise<number> {
  requireQueue(flags);
  const { model, set } = plan;
  for (const note of [...set.notes.slice(0, 1), ...model.warnings]) printNoteOnce(output.noted, note);
  const run = openRun();
  try {
    const watch = new LoadWatch();
    watch.start();
    const detected = await detectWithProgress(output, flags, plan, run);
    const othersShare = watch.othersShare();
    const { failed } = detected;
    if (!output.quiet) for (const note of resumedNotes(detected, set.images.length)) printNote(note);
    for (const note of failureNotes(failed)) printNote(note);
    if (detected.detected.length === 0 && set.mayFail !== true) throw nothingDetected(failed, set.root);
    await finish({
      detected,
      run,
      get times() {
        return ownTimes(detected, flags.workers, othersShare);
      },
      warnings: [
        ...model.warnings,
        ...describeOtherMachines(detected.detected),
        ...describeFailures(failed, set.images.length),
      ],
    });
    return exitCodeOfFailures(failed, flags.strict === true);
  } finally {
    run.close();
  }
}

function detectWithProgress(
  output: Output,
  flags: DetectionFlags,
  plan: DetectionPlan,
  run: DetectionRun,
): Promise<DetectedImages> {
  const {
    model,
    asked,
    identity,
    set: { images },
  } = plan;
  const advice = (): string =>
    run.folder === undefined
      ? 'nothing was kept: run the same command again'
      : `${run.finished.size} finished images are kept in ${run.folder}: run the same command again to go on`;
  return interruptible(advice, async (signal) => {
    let progress: Progress | undefined;
    const options: DetectImagesOptions = {
      model,
      backend: flags.backend,
      threads: flags.threads,
      asked,
      boxRounding: flags.boxRounding ?? 'none',
      keep: { landmarks: identity.landmarks === true, dense: identity.dense },
      ...(identity.meshPoints === true ? { meshPoints: true } : {}),
      images,
      workers: flags.workers,
      run,
      ...imageLimit(flags),
      onProgress: (done) => {
        progress ??= startProgress(output, images.length, 'images', done);
        progress.update(done);
      },
      signal,
    };
    try {
      if (flags.queue === undefined)
        return await detectImages({ ...options, backendVersion: identity.backend.version });
      return await detectOnQueue(output, flags, plan, options, (text) => progress?.describe(text));
    } finally {
      progress?.stop();
    }
  });
}
