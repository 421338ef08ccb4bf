/** Digits of the sort: word of the float64 (0 low, 1 high), lowest bit in it, and bits. Least significant first. */
const digits = [
  { word: 0, shift: 0, bits: 11 },
  { word: 0, shift: 11, bits: 11 },
  { word: 0, shift: 22, bits: 10 },
  { word: 1, shift: 0, bits: 11 },
  { word: 1, shift: 11, bits: 11 },
  { word: 1, shift: 22, bits: 10 },
] as const;

/**
 * The places of scores from the highest to the lowest.
 *
 * @param scores Float64Array [n], finite.
 * @returns Uint32Array [n]: indices into the scores as given; equal scores keep their order.
 * Cost: radix sort on the 64 bits of the scores, six passes whatever their values; 24 bytes a score, of which 4 stay.
 */
export function radixOrder(scores: Float64Array): Uint32Array {
  const count = scores.length;
  let values = scores.slice();
  let order = Uint32Array.from({ length: count }, (_, i) => i);
  let nextValues = new Float64Array(count);
  let nextOrder = new Uint32Array(count);
  for (const digit of digits) {
    const starts = bucketStarts(values, digit);
    if (starts === undefined) continue;
    const { word, shift, bits } = digit;
    const mask = (1 << bits) - 1;
    const words = new Uint32Array(values.buffer);
    for (let i = 0; i < count; i++) {
      const sign = words[2 * i + 1] >>> 31;
      const key = keyOf(words[2 * i + word], sign, word);
      const to = starts[(key >>> shift) & mask]++;
      nextValues[to] = values[i];
      nextOrder[to] = order[i];
    }
    [values, nextValues] = [nextValues, values];
    [order, nextOrder] = [nextOrder, order];
  }
  return order;
}

/** Where each bucket of a digit starts; undefined if all values share one, so that the pass can be left out. */
function bucketStarts(
  values: Float64Array<ArrayBuffer>,
  { word, shift, bits }: (typeof digits)[number],
): Uint32Array | undefined {
  const count = values.length;
  const words = new Uint32Array(values.buffer);
  const mask = (1 << bits) - 1;
  const starts = new Uint32Array(1 << bits);
  for (let i = 0; i < count; i++) {
    const key = keyOf(words[2 * i + word], words[2 * i + 1] >>> 31, word);
    starts[(key >>> shift) & mask]++;
  }
  let total = 0;
  for (let bucket = 0; bucket < starts.length; bucket++) {
    const here = starts[bucket];
    if (here === count) return undefined;
    starts[bucket] = total;
    total += here;
  }
  return starts;
}

/**
 * A word of a float64 as part of a key that ascends as the number descends: the bits of a positive number are
 * complemented but for the sign (bit 31 of word 1), those of a negative number stay.
 */
function keyOf(bits: number, sign: number, word: number): number {
  return bits ^ ((sign - 1) >>> word);
}
