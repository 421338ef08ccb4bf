import { runPool } from '@retinabench/backends/workers';
import type { DetectedImage } from './detected-image.js';
import type { FailedImage } from './failed-image.js';
import type { RunFolder } from './run-folder.js';
import type { WorkerInit, WorkerTask } from './worker.js';

/** A run of a detector over images. */
export interface PredictOptions extends WorkerInit {
  readonly images: readonly WorkerTask[];
  readonly workers: number;
  readonly run: RunFolder;
  /** Longest time of one image; absent: no limit. */
  readonly imageLimitMs?: number;
  /** Called after each image with the number finished so far, earlier runs included, failures too. */
  onProgress(done: number): void;
  readonly signal?: AbortSignal;
}

/** What a run of a detector gave. */
export interface Predictions {
  /** In the order of the images asked for, without the failed ones. */
  readonly detected: readonly DetectedImage[];
  /** In the same order. */
  readonly failed: readonly FailedImage[];
  /** Images that an earlier run had finished. */
  readonly resumed: number;
}

/**
 * Detect on images over worker processes; each finished image goes to the run folder's log at once, so that a run
 * which is killed goes on where it stopped, and images that the log holds are not detected again.
 *
 * Memory: two decoded images a worker, and the detections of all images.
 *
 * @throws {ModelError}, {BackendError} if the workers cannot load the model, or it fails alike on the first images and has
 * never done one.
 * @throws {EnvironmentError} if the log cannot be written.
 * @throws the reason of `signal` if it aborts; finished images are kept.
 */
export async function predictWider(options: PredictOptions): Promise<Predictions> {
  const { images, run, workers, imageLimitMs, onProgress, signal, ...init } = options;
  const open = images.filter(({ image }) => !run.finished.has(image));
  const resumed = images.length - open.length;
  const failures = new Map<string, FailedImage>();
  let done = resumed;
  await runPool<WorkerInit, WorkerTask, DetectedImage>({
    module: new URL('./worker.js', import.meta.url),
    workers,
    init,
    tasks: open,
    proven: run.finished.size > 0,
    ...(imageLimitMs === undefined ? {} : { taskLimitMs: imageLimitMs }),
    ...(signal === undefined ? {} : { signal }),
    onResult: (_, result) => {
      run.log.append(result);
      run.finished.set(result.image, result);
      onProgress(++done);
    },
    onFailure: (index, failure) => {
      const { image } = open[index];
      failures.set(image, { image, ...failure });
      onProgress(++done);
    },
  });
  const detected: DetectedImage[] = [];
  const failed: FailedImage[] = [];
  for (const { image } of images) {
    const found = run.finished.get(image);
    const failure = failures.get(image);
    if (found !== undefined) detected.push(found);
    else if (failure !== undefined) failed.push(failure);
  }
  return { detected, failed, resumed };
}
