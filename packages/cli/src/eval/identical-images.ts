import { formatCount } from '@retinabench/results';

/**
 * Say how many images have the bytes of another: intervals and tests take images as independent, and one that stands several
 * times weighs as many times.
 *
 * @param hashes SHA-256 of each image by its name; those that could not be read are passed over.
 * @returns undefined if all differ.
 */
export function identicalImages(hashes: ReadonlyMap<string, string>): string | undefined {
  const groups = new Map<string, string[]>();
  for (const [image, hash] of hashes) {
    if (hash === 'unread') continue;
    const group = groups.get(hash);
    if (group === undefined) groups.set(hash, [image]);
    else group.push(image);
  }
  const same = [...groups.values()].filter((images) => images.length > 1);
  if (same.length === 0) return undefined;
  const more = same.reduce((sum, images) => sum + images.length - 1, 0);
  return `images-identical: ${formatCount(more)} of ${formatCount(hashes.size)} images have the bytes of another (first ${same[0][1]} those of ${same[0][0]}): they count as independent images, so that intervals are too narrow and what is in them weighs more than once; annotate each picture once`;
}
