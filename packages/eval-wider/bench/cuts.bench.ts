/**
 * What a score floor and a limit of detections an image cost the public run of the shared data folder on full validation,
 * in AP easy, medium and hard: the tables of src/diagnosis/cut-detections.ts.
 *
 *     npx nx run eval-wider:bench-cuts
 */
import path from 'node:path';
import { splits } from '@retinabench/results';
import {
  loadGroundTruth,
  PredictionsBuilder,
  readPredictions,
  scoreWider,
  scoringProtocol,
  type WiderPredictions,
} from '../src/index.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const protocol = scoringProtocol('python');
const groundTruth = loadGroundTruth(path.join(wider, 'ground_truth'));
const run = readPredictions(path.join(wider, 'predictions', 'retinaface-mnet025-original'), protocol);
const whole = scoreWider(groundTruth, run, protocol);

/** The run without the detections that are not kept, by score and by rank in the file. */
function cut(keep: (score: number, rank: number) => boolean): WiderPredictions {
  const { images, start, boxesXywh: b, scores } = run;
  const builder = new PredictionsBuilder();
  images.forEach((name, image) => {
    for (let d = start[image]; d < start[image + 1]; d++) {
      if (!keep(scores[d], d - start[image])) continue;
      builder.add(b[4 * d], b[4 * d + 1], b[4 * d + 2], b[4 * d + 3], scores[d]);
    }
    builder.closeImage(name);
  });
  return builder.build();
}

/** AP lost to a cut; less than nothing counts as nothing. */
function lost(predictions: WiderPredictions): string {
  const left = scoreWider(groundTruth, predictions, protocol);
  return splits.map((split) => Math.max((whole[split] ?? 0) - (left[split] ?? 0), 0).toFixed(4)).join(' / ');
}

for (const floor of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]) {
  console.log(`floor ${floor}: ${lost(cut((score) => score >= floor))}`);
}
for (const cap of [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500]) {
  console.log(`limit ${cap}: ${lost(cut((_, rank) => rank < cap))}`);
}
