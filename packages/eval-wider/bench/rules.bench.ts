/**
 * What each difference between the rule sets does to AP on the real predictions of the shared data folder: the rules
 * `python` with one setting changed at a time, then the rule sets as they are. Prints a Markdown table for
 * docs/wider-protocol.md; differences are in points (hundredths of AP).
 *
 *     npx nx run eval-wider:bench-rules
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { type Split, splits } from '@retinabench/results';
import {
  loadGroundTruth,
  readPredictions,
  restrictGroundTruth,
  restrictPredictions,
  type ScoringProtocol,
  scoreWider,
  scoringProtocol,
  type WiderPredictions,
} from '../src/index.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const python = scoringProtocol('python');
const full = loadGroundTruth(path.join(wider, 'ground_truth'));
const quarterList = readFileSync(path.join(wider, 'quarter.txt'), 'utf8').trim().split('\n');
const quarter = restrictGroundTruth(full, new Set(quarterList.map((name) => name.replace('.jpg', ''))));
const read = (name: string): WiderPredictions => readPredictions(path.join(wider, 'predictions', name), python);
const original = read('retinaface-mnet025-original');

const runs = [
  { name: 'full val, whole-number boxes', groundTruth: full, predictions: original },
  { name: 'quarter, whole-number boxes', groundTruth: quarter, predictions: original },
  { name: 'quarter, full precision', groundTruth: quarter, predictions: read('retinaface-mnet025-quarter-float') },
];

/** Every file's detections in a seeded random order. */
function shuffled(predictions: WiderPredictions): WiderPredictions {
  const random = seededRandom(1);
  const boxesXywh = predictions.boxesXywh.slice();
  const scores = predictions.scores.slice();
  predictions.images.forEach((_, image) => {
    const from = predictions.start[image];
    for (let last = predictions.start[image + 1] - 1; last > from; last--) {
      const other = from + Math.floor(random() * (last - from + 1));
      [scores[last], scores[other]] = [scores[other], scores[last]];
      const box = boxesXywh.slice(4 * last, 4 * last + 4);
      boxesXywh.copyWithin(4 * last, 4 * other, 4 * other + 4);
      boxesXywh.set(box, 4 * other);
    }
  });
  return { ...predictions, boxesXywh, scores };
}

/** Predictions without the files of every hundredth image. */
function withoutSome(predictions: WiderPredictions): WiderPredictions {
  return restrictPredictions(predictions, new Set(predictions.images.filter((_, image) => image % 100 !== 0)));
}

const same = (predictions: WiderPredictions): WiderPredictions => predictions;
const changes: readonly (readonly [string, (predictions: WiderPredictions) => WiderPredictions, ScoringProtocol])[] = [
  ['normalisation: float32', same, { ...python, normalisation: 'float32' }],
  ['overlap: int32', same, { ...python, overlap: 'int32' }],
  ['order: score', same, { ...python, order: 'score' }],
  ['files shuffled, order: file', shuffled, python],
  ['files shuffled, order: score', shuffled, { ...python, order: 'score' }],
  ['every 100th file missing, taken as empty', withoutSome, { ...python, missingFile: 'empty' }],
  ['rules matlab', same, scoringProtocol('matlab')],
  ['rules matlab-int', same, scoringProtocol('matlab-int')],
];

const points = (value: number): string =>
  Math.abs(value) < 5e-5 ? (value === 0 ? '0' : value.toExponential(0)) : value.toFixed(4);
const cells = (aps: Partial<Record<Split, number>>, text: (ap: number, split: Split) => string): string =>
  splits.map((split) => text(aps[split] ?? 0, split)).join(' / ');

for (const { name, groundTruth, predictions } of runs) {
  const reference = scoreWider(groundTruth, predictions, python);
  console.log(`| ${name} | easy / medium / hard |\n|---|---|`);
  console.log(`| rules python, AP | ${cells(reference, (ap) => ap.toFixed(6))} |`);
  for (const [change, spoil, protocol] of changes) {
    const aps = scoreWider(groundTruth, spoil(predictions), protocol);
    console.log(`| ${change} | ${cells(aps, (ap, split) => points(100 * (ap - (reference[split] ?? 0))))} |`);
  }
  console.log('');
}
