import { readFileSync } from 'node:fs';
import { type Split, splits, sumCurves } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { imageCurves } from '../../src/score/image-curves.js';
import { matchRun } from '../../src/score/match-run.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { scoreWider } from '../../src/score/score.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

interface Golden {
  readonly input: {
    readonly images: readonly {
      readonly name: string;
      readonly faces: readonly (readonly [box: readonly number[], splits: readonly Split[]])[];
      readonly detections: readonly DetectionRow[];
    }[];
  };
  readonly expected: Record<
    string,
    Record<Split, { ap: number; truePositives: number; proposals: number; faces: number }>
  >;
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/python-rules.json', import.meta.url), 'utf8'));
const { images } = golden.input;

const sorted = (rows: readonly DetectionRow[]): DetectionRow[] => [...rows].sort((a, b) => b[4] - a[4]);
const rescored = (rows: readonly DetectionRow[], to: (score: number) => number): DetectionRow[] =>
  rows.map(([x, y, w, h, score]) => [x, y, w, h, to(score)]);

/** The detections of an image in each case of the golden data. */
const cases: Record<string, (rows: readonly DetectionRow[]) => readonly DetectionRow[]> = {
  'as given, in no order': (rows) => rows,
  sorted,
  'scores in percent, in no order': (rows) => rescored(rows, (score) => 100 * score),
  'logits, sorted': (rows) => sorted(rescored(rows, (score) => 12 * score - 6)),
};

describe('rules python against a plain NumPy evaluator on a made-up run', () => {
  const groundTruth = buildGroundTruth(
    images.map(({ name, faces }) => ({ name, faces: faces.map(([box, own]) => face(box, own)) })),
    'golden',
  );

  it.each(Object.keys(cases))('%s: AP within 1e-12, counts exactly', (name) => {
    const predictions = predictionsOf(
      Object.fromEntries(images.map((image) => [image.name, cases[name](image.detections)])),
    );
    const python = scoringProtocol('python');
    const run = matchRun(groundTruth, predictions, python);
    const aps = scoreWider(groundTruth, predictions, python);
    for (const split of splits) {
      const { ap, ...counts } = golden.expected[name][split];
      expect(aps[split]).toBeCloseTo(ap, 12);
      const { truePositives, proposals, faces } = sumCurves(imageCurves(run, groundTruth.counted[split]));
      expect({ truePositives: truePositives[999], proposals: proposals[999], faces }).toEqual(counts);
    }
  });
});
