import { ShapeError } from '../errors.js';
import { seededRandom } from './seeded-random.js';

/**
 * Choose items at random so that every stratum has its share: the share of each is rounded down, and what is left goes to the
 * largest remainders, equal ones in an order drawn at random. Within a stratum every item is as likely as any other.
 *
 * @param strata of each item, such as its folder.
 * @param count  items to choose, 1 to the number of items.
 * @param seed   of the draw; the same seed, strata and count choose the same items on every platform.
 * @returns indices of the items, ascending.
 * @throws {ShapeError} if `count` is not a whole number from 1 to the number of items.
 * Cost: O(items log items).
 */
export function stratifiedSample(strata: readonly string[], count: number, seed: number): number[] {
  if (!Number.isInteger(count) || count < 1 || count > strata.length) {
    throw new ShapeError(`stratifiedSample: expected 1 to ${strata.length} items to choose, got ${count}`);
  }
  const random = seededRandom(seed);
  const members = new Map<string, number[]>();
  strata.forEach((stratum, index) => {
    const list = members.get(stratum) ?? [];
    members.set(stratum, list);
    list.push(index);
  });
  // In the order of their names, so that the order of the items does not matter.
  const groups = [...members.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, indices]) => indices);
  const shares = groups.map((indices) => {
    const exact = (indices.length * count) / strata.length;
    return { indices, taken: Math.floor(exact), remainder: exact - Math.floor(exact), tie: random() };
  });
  const left = count - shares.reduce((sum, { taken }) => sum + taken, 0);
  const byRemainder = [...shares].sort((a, b) => b.remainder - a.remainder || a.tie - b.tie);
  for (const share of byRemainder.slice(0, left)) share.taken++;
  return shares.flatMap(({ indices, taken }) => drawn(indices, taken, random)).sort((a, b) => a - b);
}

/** The first `count` of a Fisher-Yates shuffle. */
function drawn(items: readonly number[], count: number, random: () => number): number[] {
  const shuffled = [...items];
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(random() * (shuffled.length - at));
    [shuffled[at], shuffled[other]] = [shuffled[other], shuffled[at]];
  }
  return shuffled.slice(0, count);
}
