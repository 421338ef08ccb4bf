/**
 * The name that was probably meant: the one that differs least from `asked`, if by at most a third of its letters.
 *
 * @param names those that there are.
 * @returns undefined if none is close.
 * Cost: O(names x length squared). Edit distance after Levenshtein (1966).
 */
export function closestName(asked: string, names: readonly string[]): string | undefined {
  if (asked.length > 200) return undefined;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = editDistance(asked.toLowerCase(), name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best !== undefined && least <= Math.max(1, Math.floor(Math.max(asked.length, best.length) / 3))
    ? best
    : undefined;
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const own = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = above[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      own.push(Math.min(changed, above[column] + 1, own[column - 1] + 1));
    }
    above = own;
  }
  return above[b.length];
}
