import { seededRandom } from '../../src/index.js';

/** A seeded generator of standard normal numbers (Box-Muller). */
export function seededNormal(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
