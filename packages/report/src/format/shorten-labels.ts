/**
 * Labels for where there is little room: the middle of a long one is left out, since names differ at their ends. Two labels
 * that differ stay different: as many characters are kept as that takes.
 *
 * @param most characters wished for, at least 3.
 * Cost: O(labels x length).
 */
export function shortenLabels(labels: readonly string[], most: number): string[] {
  const distinct = new Set(labels).size;
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  for (let kept = most; kept < longest; kept++) {
    const shortened = labels.map((label) => middleCut(label, kept));
    if (new Set(shortened).size === distinct) return shortened;
  }
  return [...labels];
}

function middleCut(label: string, kept: number): string {
  if (label.length <= kept) return label;
  const head = Math.ceil((kept - 1) / 2);
  return `${label.slice(0, head)}…${label.slice(label.length - (kept - 1 - head))}`;
}
