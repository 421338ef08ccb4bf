import { isDescending } from '../predictions/align.js';
import { convertPredictions, type ScoreFormat } from '../predictions/convert.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps, formatCount } from './diagnosis.js';

/** Whether scores are probabilities that tell detections apart. */
export function diagnoseScores({ groundTruth, predictions, protocol }: DiagnosisInput): Diagnosis[] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const score of predictions.scores) {
    min = Math.min(min, score);
    max = Math.max(max, score);
  }
  if (predictions.scores.length === 0 || min === max) {
    return [
      {
        code: 'constant-scores',
        level: 'error',
        fatal: true,
        evidence:
          predictions.scores.length === 0
            ? 'no detections in any file'
            : `all ${formatCount(predictions.scores.length)} scores are ${min}`,
        effect: 'AP does not exist: normalised scores are 0/0',
        fix: 'write the score of each detection as the fifth number of its line',
      },
    ];
  }
  if (min >= 0 && max <= 1) return [];
  const format: ScoreFormat = min >= 0 && max <= 100 ? 'percent' : 'logit';
  const asGiven = formatAps(scoreWider(groundTruth, predictions, protocol));
  const corrected = formatAps(scoreWider(groundTruth, convertPredictions(predictions, { scores: format }), protocol));
  return [
    {
      code: 'scores-outside-0-1',
      level: 'warning',
      evidence: `scores from ${min} to ${max}`,
      effect: `the 1,000 thresholds divide another range: AP easy / medium / hard ${asGiven} as given, ${corrected} as ${format === 'percent' ? 'percentages' : 'logits'}`,
      fix: `--scores ${format}, or write probabilities`,
    },
  ];
}

/** Whether the detections of each image stand best first. */
export function diagnoseOrder({ groundTruth, predictions, protocol, requireSorted }: DiagnosisInput): Diagnosis[] {
  const { images, start, scores } = predictions;
  const unsorted = images.flatMap((_, image) => (isDescending(scores, start[image], start[image + 1]) ? [] : [image]));
  if (unsorted.length === 0 || (protocol.order === 'score' && !requireSorted)) return [];
  const first = unsorted[0];
  let at = start[first] + 1;
  while (scores[at] <= scores[at - 1]) at++;
  const sorted = formatAps(scoreWider(groundTruth, predictions, { ...protocol, order: 'score' }));
  const effect =
    protocol.order === 'score'
      ? 'none: these rules sort by score'
      : `a threshold takes in all that stands before its last detection: AP easy / medium / hard ${formatAps(scoreWider(groundTruth, predictions, protocol))} as given, ${sorted} sorted`;
  return [
    {
      code: 'unsorted',
      level: 'error',
      evidence: `scores not descending in ${formatCount(unsorted.length)} of ${formatCount(images.length)} images, first in ${images[first]}.txt, detection ${at - start[first] + 1} (${scores[at - 1]} then ${scores[at]})`,
      effect,
      fix: 'sort by score, or pass --order any, which sorts and has its own protocol id',
    },
  ];
}
