import { readStamp } from '@retinabench/files';
import type { ExtractionRun } from './extraction-run.js';
import type { ExtractImage } from './worker.js';

/** Files whose stamps are asked for at a time. */
const stampsAtOnce = 64;

/**
 * What is left to do, by index: images without a feature, and those whose file may have changed since. Of the latter the
 * worker reads the file, and extracts only if its bytes are others.
 */
export async function openImages(
  names: readonly string[],
  images: readonly ExtractImage[],
  run: ExtractionRun,
): Promise<Map<number, ExtractImage>> {
  const open = new Map<number, ExtractImage>();
  for (let start = 0; start < images.length; start += stampsAtOnce) {
    const block = images.slice(start, start + stampsAtOnce);
    const stamps = await Promise.all(
      block.map(({ file }, i) => (run.finished.has(start + i) ? readStamp(file) : undefined)),
    );
    block.forEach((image, i) => {
      const knownSha256 = run.finished.get(start + i)?.sha256;
      if (knownSha256 === undefined) open.set(start + i, image);
      else if (run.digests.trusted(names[start + i], stamps[i]) !== knownSha256) {
        open.set(start + i, { ...image, knownSha256 });
      }
    });
  }
  return open;
}
