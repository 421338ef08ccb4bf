/** Faces of an image, one behind the other in flat arrays. */
export interface AnnotatedFaces {
  /** (x, y, w, h) of each face, pixels. */
  readonly boxesXywh: Float64Array;
  /** By split, one number a face: 1 where it counts, else 0. */
  readonly counted: Readonly<Record<'easy' | 'medium' | 'hard', Uint8Array>>;
}

/** Bytes of the four numbers of a box. */
const boxBytes = 32;

/**
 * What tells the annotation of an image from another, in whatever order its faces stand: over its faces, the sum of the hashes of
 * their boxes (four float64, little-endian), and of their boxes with the splits in which they count (behind them one uint32: 1 easy,
 * 2 medium, 4 hard).
 *
 * Two annotations that differ share a sum with a probability of 1 to 4 thousand million; nobody is kept from making two that do.
 *
 * @param from,to faces of the image, the last excluded.
 * @returns two numbers of 32 bits.
 * Source: MurmurHash3_x86_32 with seed 0 (Austin Appleby, public domain).
 */
export function faceSums(
  { boxesXywh, counted }: AnnotatedFaces,
  from: number,
  to: number,
): { readonly boxes: number; readonly splits: number } {
  const view = new DataView(new ArrayBuffer(boxBytes));
  let [boxes, splits] = [0, 0];
  for (let face = from; face < to; face++) {
    for (let side = 0; side < 4; side++) view.setFloat64(8 * side, boxesXywh[4 * face + side], true);
    let hash = 0;
    for (let at = 0; at < boxBytes; at += 4) hash = mixed(hash, view.getUint32(at, true));
    boxes = (boxes + finished(hash ^ boxBytes)) >>> 0;
    const bits = counted.easy[face] + 2 * counted.medium[face] + 4 * counted.hard[face];
    splits = (splits + finished(mixed(hash, bits) ^ (boxBytes + 4))) >>> 0;
  }
  return { boxes, splits };
}

function mixed(hash: number, word: number): number {
  const scrambled = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotated(hash ^ scrambled, 13), 5) + 0xe6546b64) | 0;
}

function finished(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
