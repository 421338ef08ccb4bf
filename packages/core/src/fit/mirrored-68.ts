/** Pairs of the 68 points of 300-W that change places in a mirrored face: jaw, brows, nostrils, eyes, lips. */
const pairs: readonly (readonly [left: number, right: number])[] = [
  ...Array.from({ length: 8 }, (_, i) => [i, 16 - i] as const),
  ...Array.from({ length: 5 }, (_, i) => [17 + i, 26 - i] as const),
  ...([
    [31, 35],
    [32, 34],
  ] as const),
  ...([
    [36, 45],
    [37, 44],
    [38, 43],
    [39, 42],
    [40, 47],
    [41, 46],
  ] as const),
  ...([
    [48, 54],
    [49, 53],
    [50, 52],
    [55, 59],
    [56, 58],
  ] as const),
  ...([
    [60, 64],
    [61, 63],
    [65, 67],
  ] as const),
];

/**
 * Which of the 68 points of a mirrored face becomes which.
 *
 * Source: the mark-up of 300-W (ibug.doc.ic.ac.uk/resources/facial-point-annotations, figure 1), which is symmetric.
 */
export const mirrored68: readonly number[] = (() => {
  const order = Array.from({ length: 68 }, (_, point) => point);
  for (const [left, right] of pairs) [order[left], order[right]] = [right, left];
  return order;
})();
