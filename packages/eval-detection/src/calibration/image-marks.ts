import type { Annotations } from '@retinabench/annotations';

/** Hex digits of a mark. */
const digits = 16;

/**
 * A mark of each annotated image, by which another set is seen to hold the same images: of the last part of its name without
 * extension, and its boxes in whole pixels. The form of the annotations and the folders of the images do not change it.
 *
 * @param digest SHA-256 in hex.
 * Cost: a hash of an image.
 */
export function imageMarks(
  { images, start, boxesXywh }: Annotations,
  digest: (bytes: Uint8Array) => string,
): readonly string[] {
  const encoder = new TextEncoder();
  return images.map((image, index) => {
    const name = image.slice(image.lastIndexOf('/') + 1).replace(/\.[A-Za-z0-9]+$/, '');
    const faces: string[] = [];
    for (let face = start[index]; face < start[index + 1]; face++) {
      faces.push(Array.from(boxesXywh.subarray(4 * face, 4 * face + 4), Math.round).join(' '));
    }
    return digest(encoder.encode(JSON.stringify([name, ...faces.sort()]))).slice(0, digits);
  });
}
