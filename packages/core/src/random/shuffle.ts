/**
 * Bring items into a random order, in place (Fisher and Yates).
 *
 * @param random uniform numbers in [0, 1) from a seeded generator such as `seededRandom(seed)`.
 * @returns `items`. Cost: O(items).
 */
export function shuffle<Item>(items: Item[], random: () => number): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
  return items;
}
