import type { Annotations } from '@retinabench/annotations';
import { sha256Hex } from '@retinabench/core';

/**
 * What a record says the annotations of its images were: SHA-256 over a line `<image> <faces>` for each image, sorted by
 * name, then over all faces in that order: boxes and areas as little-endian float64, flags as bytes. The form of the files
 * does not matter, nor do attributes, by which no number but breakdowns is made.
 *
 * @param sha256 gives the digest in hex; a runtime's own is faster than the portable default.
 * @returns 64 hex digits.
 * Cost: O(faces), one copy.
 */
export function annotationsDigest(
  { images, start, boxesXywh, areasPx, crowd, ignored, difficult }: Annotations,
  sha256: (bytes: Uint8Array) => string = sha256Hex,
): string {
  const order = images.map((_, index) => index).sort((a, b) => (images[a] < images[b] ? -1 : 1));
  const lines = order.map((image) => `${images[image]} ${start[image + 1] - start[image]}\n`).join('');
  const faces = start[images.length];
  const names = new TextEncoder().encode(lines);
  // Boxes and area as eight bytes each, three flags.
  const bytes = new Uint8Array(names.length + faces * 43);
  bytes.set(names);
  const view = new DataView(bytes.buffer);
  let at = names.length;
  for (const image of order) {
    for (let face = start[image]; face < start[image + 1]; face++) {
      for (let side = 0; side < 4; side++, at += 8) view.setFloat64(at, boxesXywh[4 * face + side], true);
      view.setFloat64(at, areasPx?.[face] ?? boxesXywh[4 * face + 2] * boxesXywh[4 * face + 3], true);
      bytes[at + 8] = crowd[face];
      bytes[at + 9] = ignored[face];
      bytes[at + 10] = difficult[face];
      at += 11;
    }
  }
  return sha256(bytes);
}
