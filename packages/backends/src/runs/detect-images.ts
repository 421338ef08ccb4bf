import { type ResumedImages, readStampedFile, resumedImages } from '@retinabench/files';
import { type PoolOptions, runPool } from '../workers/pool.js';
import type { DetectionRun } from './detection-run.js';
import { type FailedImage, isBadImage } from './failed-image.js';
import type { LoggedImage } from './logged-image.js';
import { openTasks } from './open-tasks.js';
import type { DetectionInit, ImageOutcome, ImageTask } from './worker.js';

/** A run of a detector over images. */
export interface DetectImagesOptions extends DetectionInit {
  readonly images: readonly ImageTask[];
  readonly workers: number;
  /** Where finished images are kept. */
  readonly run: DetectionRun;
  /** Longest time of one image; absent: no limit. */
  readonly imageLimitMs?: number;
  /** What does the tasks instead of worker processes of this machine; absent: they do. */
  readonly pool?: (options: PoolOptions<DetectionInit, ImageTask, ImageOutcome>) => Promise<void>;
  /** Called first and after each image with the number finished so far, earlier runs included, failures too. */
  onProgress(done: number): void;
  readonly signal?: AbortSignal;
}

/** What a run of a detector gave. */
export interface DetectedImages {
  /** In the order of the images asked for, without the failed ones. */
  readonly detected: readonly LoggedImage[];
  /** In the same order. */
  readonly failed: readonly FailedImage[];
  /** Images that an earlier run had finished and whose bytes are the same; absent: none. */
  readonly resumed?: ResumedImages;
  /** Images that an earlier run had finished, and whose bytes are others now: they were detected again. */
  readonly changed: number;
}

/**
 * Detect on images over worker processes; each finished image goes to the run's log at once, so that a run
 * which is killed goes on where it stopped. Images that the log holds are not detected again while their bytes are the
 * same: that is taken from the file's stamp, or else from its hash.
 *
 * Memory: two decoded images a worker, and the detections of all images.
 *
 * @throws {ModelError}, {BackendError} if the workers cannot load the model, or it fails alike on the first images and has
 * never done one.
 * @throws {EnvironmentError} if the log cannot be written.
 * @throws the reason of `signal` if it aborts; finished images are kept.
 */
export async function detectImages(options: DetectImagesOptions): Promise<DetectedImages> {
  const { images, run, workers, imageLimitMs, pool = runPool, onProgress, signal, ...init } = options;
  const open = await openTasks(images, run);
  const failures = new Map<string, FailedImage>();
  const detectedNow = new Set<string>();
  let changed = 0;
  let done = images.length - open.length;
  onProgress(done);
  await pool({
    module: new URL('./worker.js', import.meta.url),
    workers,
    init,
    tasks: open,
    proven: run.finished.size > 0,
    ...(imageLimitMs === undefined ? {} : { taskLimitMs: imageLimitMs }),
    ...(signal === undefined ? {} : { signal }),
    nameOf: (index) => open[index].image,
    onResult: (_, { image, reading, detected, detectMs, madeBy }) => {
      if (detected !== undefined) {
        const logged = {
          ...detected,
          sha256: reading.sha256,
          detectedAt: new Date().toISOString(),
          ...(detectMs === undefined ? {} : { detectMs }),
          ...(madeBy === undefined ? {} : { madeBy }),
        };
        run.log.append(logged);
        if (run.finished.has(image)) changed++;
        run.finished.set(image, logged);
        detectedNow.add(image);
      }
      run.digests.keep(image, reading);
      onProgress(++done);
    },
    onFailure: (index, failure) => {
      const { image } = open[index];
      // What the log holds of it is of other bytes, or of bytes that cannot be read any more.
      if (run.finished.delete(image)) run.log.append({ image, forgotten: true });
      failures.set(image, { image, ...failure });
      onProgress(++done);
    },
  });
  const detected: LoggedImage[] = [];
  const failed: FailedImage[] = [];
  for (const { image, file } of images) {
    const found = run.finished.get(image);
    const failure = failures.get(image);
    if (failure !== undefined) failed.push(isBadImage(failure) ? failure : { ...failure, ...(await hashOf(file)) });
    else if (found !== undefined) detected.push(found);
  }
  const resumed = resumedImages(timesOf(detected, detectedNow));
  return { detected, failed, changed, ...(resumed === undefined ? {} : { resumed }) };
}

/** When the images were detected that were not detected now. */
function* timesOf(detected: readonly LoggedImage[], detectedNow: ReadonlySet<string>): Generator<string> {
  for (const image of detected) if (!detectedNow.has(image.image)) yield image.detectedAt;
}

/** The bytes on which a model failed, for the identity of the data set. */
async function hashOf(file: string): Promise<{ sha256?: string }> {
  return readStampedFile(file).then(
    ({ sha256 }) => ({ sha256 }),
    () => ({}),
  );
}
