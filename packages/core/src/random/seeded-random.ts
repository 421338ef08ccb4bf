/**
 * A seeded generator of uniform numbers in [0, 1) with 32 random bits: xoshiro128** (Blackman and Vigna, 2018), its
 * state filled from `seed` by splitmix32. The same seed gives the same sequence on every platform. Not for secrets.
 *
 * @param seed any whole number; its low 32 bits count.
 */
export function seededRandom(seed: number): () => number {
  let mixed = seed >>> 0;
  const next = (): number => {
    mixed = (mixed + 0x9e37_79b9) >>> 0;
    let word = mixed ^ (mixed >>> 16);
    word = Math.imul(word, 0x21f0_aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a_2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [next(), next(), next(), next()];
  return () => {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return scrambled / 0x1_0000_0000;
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
