import { createHash } from 'node:crypto';
import { filesDigest } from '@retinabench/files/basics';
import { splits } from '@retinabench/results';
import { faceLabels, type WiderGroundTruth } from './ground-truth.js';

/** Bytes that are hashed at once. */
const heldBytes = 1 << 16;

/** Faces without landmarks that are hashed at once. */
const heldFaces = 1 << 10;

/**
 * What a record says the annotations of its images were: SHA-256 over a line `<name> <faces>` for each image, sorted by
 * name, then over all faces in that order: boxes and landmarks (-1 where a face has none) as little-endian float64,
 * labels and splits as bytes. The form of the files does not matter.
 *
 * @returns 64 hex digits.
 * Cost: O(faces); 15 ms for WIDER FACE val. Memory: an order of the images, and 64 KiB.
 */
export function groundTruthDigest({ images, start, boxesXywh, landmarks, labels, counted }: WiderGroundTruth): string {
  const order = images.map((_, index) => index).sort((a, b) => (images[a] < images[b] ? -1 : 1));
  const hash = createHash('sha256');
  hash.update(order.map((image) => `${images[image]} ${start[image + 1] - start[image]}\n`).join(''));
  // Parts of images are put together before they are hashed, since most are small.
  const held = new Uint8Array(heldBytes);
  let used = 0;
  const flush = (): void => {
    hash.update(held.subarray(0, used));
    used = 0;
  };
  const add = (from: Uint8Array | Float64Array, width: number): void => {
    const rowBytes = width * from.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(from.buffer, from.byteOffset, from.byteLength);
    for (const image of order) {
      const part = bytes.subarray(rowBytes * start[image], rowBytes * start[image + 1]);
      if (used + part.length > heldBytes) flush();
      if (part.length > heldBytes) hash.update(part);
      else {
        held.set(part, used);
        used += part.length;
      }
    }
  };
  const addNoLandmarks = (faces: number): void => {
    flush();
    const none = new Uint8Array(new Float64Array(10 * Math.min(faces, heldFaces)).fill(-1).buffer);
    for (let left = faces; left > 0; left -= heldFaces) hash.update(none.subarray(0, 80 * left));
  };
  add(boxesXywh, 4);
  if (landmarks.length > 0) add(landmarks, 10);
  else addNoLandmarks(start[images.length]);
  for (const label of faceLabels) add(labels[label], 1);
  for (const split of splits) add(counted[split], 1);
  flush();
  return hash.digest('hex');
}

/**
 * What a record says its data set was: SHA-256 over its annotations and, where a detector ran on them, the bytes of its
 * images.
 *
 * @param groundTruth of the images evaluated alone.
 * @param imageSha256 hash of each image evaluated, by name; absent where predictions were given.
 */
export function datasetHashes(
  groundTruth: WiderGroundTruth,
  imageSha256?: ReadonlyMap<string, string>,
): { readonly sha256: string; readonly groundTruthSha256: string; readonly imagesSha256?: string } {
  const groundTruthSha256 = groundTruthDigest(groundTruth);
  if (imageSha256 === undefined) return { sha256: groundTruthSha256, groundTruthSha256 };
  const imagesSha256 = filesDigest(groundTruth.images.map((name) => [name, imageSha256.get(name) ?? 'missing']));
  const sha256 = sha256Of(`ground truth ${groundTruthSha256}\nimages ${imagesSha256}\n`);
  return { sha256, groundTruthSha256, imagesSha256 };
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
