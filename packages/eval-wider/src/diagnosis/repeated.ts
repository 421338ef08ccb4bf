import { nms } from '@retinabench/core/boxes';
import { formatCount, formatShare } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { PredictionsBuilder } from '../predictions/builder.js';
import { dropDuplicates, duplicateOf } from '../predictions/drop-duplicates.js';
import type { WiderPredictions } from '../predictions/predictions.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import type { MatchEvidence } from './evidence.js';

/** Share of equal detections from which on it is said, and that from which on the number is wrong. */
const warningShare = 0.005;
const errorShare = 0.03;

/** Whether detections stand more than once: the same box and the same score in one image. */
export function diagnoseDuplicates({ groundTruth, predictions, protocol, origin }: DiagnosisInput): Diagnosis[] {
  const { start } = predictions;
  let duplicates = 0;
  let first = '';
  predictions.images.forEach((name, image) => {
    for (let d = start[image]; d < start[image + 1]; d++) {
      if (duplicateOf(predictions, image, d) < 0) continue;
      if (duplicates++ === 0) first = name;
    }
  });
  const share = duplicates / Math.max(predictions.scores.length, 1);
  if (share < warningShare) return [];
  const given = formatAps(scoreWider(groundTruth, predictions, protocol));
  const once = formatAps(scoreWider(groundTruth, dropDuplicates(predictions), protocol));
  return [
    {
      code: 'duplicate-lines',
      level: share < errorShare ? 'warning' : 'error',
      evidence: `${formatCount(duplicates)} detections (${formatShare(share)}) are duplicates, with the box and score of another in the same image, first in ${first}`,
      effect: `the second detection of a face is a false positive: ${apWords(groundTruth)} ${given} as given, ${once} with each once`,
      fix:
        origin === 'detector' ? 'suppress overlapping detections' : '--drop-duplicates, or write each detection once',
    },
  ];
}

/** Detections of a face that is taken, for each that is found; sound runs have 0.04 to 0.2. */
const manyRepeats = 0.4;

/** IoU of the suppression that is tried, as in the public RetinaFace script. */
const suppressionIou = 0.4;

/** AP that suppression has to bring back. */
const worthwhile = 0.03;

/** Whether several detections of one face were left standing. */
export function diagnoseSuppression(input: DiagnosisInput, { matches }: MatchEvidence): Diagnosis[] {
  let firsts = 0;
  let repeats = 0;
  matches.face.forEach((face, d) => {
    if (face < 0) return;
    if (matches.first[d] === 1) firsts++;
    else repeats++;
  });
  if (firsts < 10 || repeats < manyRepeats * firsts) return [];
  const { groundTruth, predictions, protocol } = input;
  const given = scoreWider(groundTruth, predictions, protocol);
  const suppressed = scoreWider(groundTruth, suppress(predictions), protocol);
  const gain = Math.max(
    ...(['easy', 'medium', 'hard'] as const).map((split) => (suppressed[split] ?? 0) - (given[split] ?? 0)),
  );
  if (gain < worthwhile) return [];
  return [
    {
      code: 'not-suppressed',
      level: 'warning',
      evidence: `overlapping detections of the same face are left standing: ${formatCount(firsts)} faces are found, ${formatCount(repeats)} detections more fall on the same faces`,
      effect: `each is a false positive: ${apWords(groundTruth)} ${formatAps(given)} as given, ${formatAps(suppressed)} after non-maximum suppression (NMS) at IoU ${suppressionIou}`,
      fix: `suppress overlapping detections (NMS at IoU ${suppressionIou}) before writing them`,
    },
  ];
}

function suppress(predictions: WiderPredictions): WiderPredictions {
  const { images, start, boxesXywh: b, scores } = predictions;
  const builder = new PredictionsBuilder();
  images.forEach((name, image) => {
    const count = start[image + 1] - start[image];
    const boxes = new Float32Array(4 * count);
    for (let d = 0; d < count; d++) {
      const at = 4 * (start[image] + d);
      boxes.set([b[at], b[at + 1], b[at] + b[at + 2], b[at + 1] + b[at + 3]], 4 * d);
    }
    const keep = new Int32Array(count);
    const own = Float32Array.from(scores.subarray(start[image], start[image + 1]));
    const kept = nms(boxes, own, { iouThreshold: suppressionIou, convention: 'pixel' }, keep);
    for (const d of keep.subarray(0, kept)) {
      const at = start[image] + d;
      builder.add(b[4 * at], b[4 * at + 1], b[4 * at + 2], b[4 * at + 3], scores[at]);
    }
    builder.closeImage(name);
  });
  return builder.build();
}
