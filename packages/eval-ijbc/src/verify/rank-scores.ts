const digitBits = 16;
const buckets = 1 << digitBits;
const digits = 4;

/**
 * Order scores from the highest to the lowest.
 *
 * @param scores Float64Array [n], finite.
 * @returns Uint32Array [n]: indices into `scores`; equal scores keep their order.
 * Cost: radix sort on the 64 bits of the scores, O(n) whatever their values; 8 bytes a score.
 */
export function rankScores(scores: Float64Array): Uint32Array {
  const count = scores.length;
  const words = new Uint32Array(scores.buffer, scores.byteOffset, count * 2);
  const histograms = Array.from({ length: digits }, () => new Uint32Array(buckets));
  for (let i = 0; i < count; i++) {
    const flip = flipOf(words[2 * i + 1]);
    const low = words[2 * i] ^ flip;
    const high = words[2 * i + 1] ^ (flip >>> 1);
    histograms[0][low & 0xffff]++;
    histograms[1][low >>> 16]++;
    histograms[2][high & 0xffff]++;
    histograms[3][high >>> 16]++;
  }
  let from = Uint32Array.from({ length: count }, (_, i) => i);
  let to = new Uint32Array(count);
  for (let digit = 0; digit < digits; digit++) {
    const starts = histograms[digit];
    if (starts.includes(count)) continue;
    let total = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const here = starts[bucket];
      starts[bucket] = total;
      total += here;
    }
    const word = digit >> 1;
    const shift = (digit & 1) * digitBits;
    for (let i = 0; i < count; i++) {
      const index = from[i];
      const flip = flipOf(words[2 * index + 1]);
      const key = words[2 * index + word] ^ (word === 0 ? flip : flip >>> 1);
      to[starts[(key >>> shift) & 0xffff]++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}

/**
 * What turns the bits of a float64 into a key that ascends as the number descends: the bits of a positive number are
 * complemented but for the sign, those of a negative number stay.
 */
function flipOf(highWord: number): number {
  return highWord >>> 31 === 0 ? 0xffffffff : 0;
}
