import { readStamp } from '@retinabench/files';
import type { DetectionRun } from './detection-run.js';
import type { ImageTask } from './worker.js';

/** Files whose stamps are asked for at a time. */
const stampsAtOnce = 64;

/**
 * What is left to do: images without detections, and those whose file may have changed since. Of the latter the worker
 * reads the file, and detects only if its bytes are others. An image whose file has the stamp under which it was detected
 * is not read.
 *
 * Cost: one `stat` an image that the log holds.
 */
export async function openTasks(images: readonly ImageTask[], run: DetectionRun): Promise<ImageTask[]> {
  const open: ImageTask[] = [];
  for (let start = 0; start < images.length; start += stampsAtOnce) {
    const block = images.slice(start, start + stampsAtOnce);
    const stamps = await Promise.all(
      block.map(({ image, file }) => (run.finished.has(image) ? readStamp(file) : undefined)),
    );
    block.forEach((task, index) => {
      const knownSha256 = run.finished.get(task.image)?.sha256;
      if (knownSha256 === undefined) open.push(task);
      else if (run.digests.trusted(task.image, stamps[index]) !== knownSha256) open.push({ ...task, knownSha256 });
    });
  }
  return open;
}
