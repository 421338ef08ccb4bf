/**
 * The word of `known` that `word` is most likely a misspelling of: the smallest edit distance, at most a third of the
 * word's length; undefined if none is near.
 *
 * Cost: O(length squared) per known word.
 * Source: Levenshtein distance, Wagner and Fischer 1974.
 */
export function closest(word: string, known: readonly string[]): string | undefined {
  const shown = word.slice(0, 100);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(shown.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(shown, candidate);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
