/** What the values of one candidate of an output are. */
export interface RowScheme {
  readonly title: string;
  /** Index of the first of four box values. */
  readonly box: number;
  /** Bins of each, where they are distributions. */
  readonly bins?: number;
  /** Scores that stand beside the box; none where another output has them. */
  readonly scores: readonly { readonly at: number; readonly classes: number }[];
  readonly points?: { readonly at: number; readonly count: number; readonly values: 'x y' | 'x y v' };
}

const five = (at: number, values: 'x y' | 'x y v' = 'x y') => ({ at, count: 5, values });
const one = (at: number) => ({ at, classes: 1 });
const pair = (at: number) => ({ at, classes: 2 });

/** Ways to read so many values of a candidate. Sources: the exports of the detectors that the titles name. */
export const rowSchemes: Readonly<Record<number, readonly RowScheme[]>> = {
  4: [{ title: 'box', box: 0, scores: [] }],
  5: [{ title: 'box, score', box: 0, scores: [one(4)] }],
  6: [
    { title: 'box, score, class', box: 0, scores: [one(4)] },
    { title: 'box, objectness, class score', box: 0, scores: [one(4), one(5)] },
    { title: 'box, two classes', box: 0, scores: [pair(4)] },
  ],
  7: [
    { title: 'batch, box, class, score', box: 1, scores: [one(6)] },
    { title: 'image, label, score, box', box: 3, scores: [one(2)] },
  ],
  14: [{ title: 'box, five points', box: 0, scores: [], points: five(4) }],
  15: [
    { title: 'box, score, five points', box: 0, scores: [one(4)], points: five(5) },
    { title: 'box, five points, score', box: 0, scores: [one(14)], points: five(4) },
  ],
  16: [
    { title: 'box, objectness, five points, class score', box: 0, scores: [one(4), one(15)], points: five(5) },
    { title: 'box, two classes, five points', box: 0, scores: [pair(4)], points: five(6) },
    { title: 'two classes, box, five points', box: 2, scores: [pair(0)], points: five(6) },
    { title: 'box, five points, two classes', box: 0, scores: [pair(14)], points: five(4) },
    { title: 'box, six points', box: 0, scores: [], points: { at: 4, count: 6, values: 'x y' } },
    { title: 'batch, box, score, five points', box: 1, scores: [one(5)], points: five(6) },
    { title: 'box, score, five points, class', box: 0, scores: [one(4)], points: five(5) },
  ],
  20: [{ title: 'box, score, five points with visibility', box: 0, scores: [one(4)], points: five(5, 'x y v') }],
  21: [
    {
      title: 'box, objectness, class score, five points with visibility',
      box: 0,
      scores: [one(4), one(5)],
      points: five(6, 'x y v'),
    },
  ],
  64: [{ title: 'box of 16 bins a side', box: 0, bins: 16, scores: [] }],
  65: [{ title: 'box of 16 bins a side, score', box: 0, bins: 16, scores: [one(64)] }],
  80: [
    {
      title: 'box of 16 bins a side, score, five points with visibility',
      box: 0,
      bins: 16,
      scores: [one(64)],
      points: five(65, 'x y v'),
    },
  ],
};
