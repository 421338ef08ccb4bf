import { setImmediate } from 'node:timers/promises';
import { type FileTimes, readStampSync, readTimes, readTimesSync } from '@retinabench/files';
import type { DetectionRun } from './detection-run.js';
import type { ImageTask } from './worker.js';

/** Files whose stamps are asked for at a time. */
const stampsAtOnce = 256;

/** Mean time of a stamp above which several are waited for at once: a network disk. */
const slowStampMs = 0.1;

/**
 * What is left to do: images without detections, and those whose file may have changed since. Of the latter the worker
 * reads the file, and detects only if its bytes are others. An image whose file has the stamp under which it was detected
 * is not read.
 *
 * Cost: one `stat` an image that the log holds.
 */
export async function openTasks(images: readonly ImageTask[], run: DetectionRun): Promise<ImageTask[]> {
  const open: ImageTask[] = [];
  let isSlow = false;
  for (let start = 0; start < images.length; start += stampsAtOnce) {
    const block = images.slice(start, start + stampsAtOnce);
    const known = block.map(({ image }) => run.finished.get(image)?.sha256);
    const before = performance.now();
    const times = isSlow
      ? await Promise.all(block.map(({ file }, index) => (known[index] === undefined ? undefined : readTimes(file))))
      : block.map(({ file }, index) => (known[index] === undefined ? undefined : readTimesSync(file)));
    isSlow = performance.now() - before > slowStampMs * block.length;
    block.forEach((task, index) => {
      const knownSha256 = known[index];
      if (knownSha256 === undefined) open.push(task);
      else if (!isUnchanged(run, task, knownSha256, times[index])) open.push({ ...task, knownSha256 });
    });
    // Ctrl-C is heard between blocks.
    if (!isSlow) await setImmediate();
  }
  return open;
}

/** Whether an image's file is that of a hash: by its times in milliseconds, else by its stamp, which is exact. */
function isUnchanged(
  { digests }: DetectionRun,
  { image, file }: ImageTask,
  sha256: string,
  times: FileTimes | undefined,
): boolean {
  if (times === undefined) return false;
  return digests.isTrusted(image, sha256, times) || digests.trusted(image, readStampSync(file)) === sha256;
}
