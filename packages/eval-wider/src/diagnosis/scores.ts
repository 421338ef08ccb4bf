import { formatCount } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { isDescending } from '../predictions/align.js';
import { convertPredictions, type ScoreFormat } from '../predictions/convert.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import { widerWords } from './diagnosis-words.js';

/** Smallest and largest score of a run; infinities where there is none. */
export function scoreEnds(scores: Float64Array): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index];
    if (score < min) min = score;
    if (score > max) max = score;
  }
  return { min, max };
}

/**
 * Whether scores tell detections apart at all. Without normalisation an AP exists all the same, and one detection has nothing to be
 * told apart from.
 */
export function diagnoseConstantScores({
  predictions,
  origin,
  normalised = true,
  words = widerWords,
}: DiagnosisInput): Diagnosis[] {
  const count = predictions.scores.length;
  if (!normalised && count < 2) return [];
  const { min, max } = scoreEnds(predictions.scores);
  if (count > 0 && min !== max) return [];
  return [
    {
      code: 'constant-scores',
      level: 'error',
      ...(normalised ? { fatal: true } : {}),
      evidence: count === 0 ? 'no detections in any file' : `all ${formatCount(count)} scores are ${min}`,
      effect: normalised
        ? 'AP does not exist: normalised scores are 0/0'
        : 'AP says nothing of how sure detections are: their order in the file ranks them',
      fix: origin === 'detector' ? 'check which output the card of the model calls scores' : words.writeScores,
    },
  ];
}

/** Largest score that a sigmoid gives for one that a sigmoid or softmax gave before: 1 / (1 + exp(-1)). */
const twiceMost = 0.7311;

/** Smallest that a softmax of two probabilities p and 1 - p gives: 1 / (1 + exp(1)). */
const twiceLeast = 0.2689;

/** Scores a detector gives to no face it is sure of. */
const unsure = 0.5;

/** AP that reading scores in another way may cost by rounding. */
const mostLost = 0.005;

/** Largest score from which on scores may be percentages. */
const fewestPercent = 10;

/** What scores beyond 0..1 may be: logits lie on both sides of 0, percentages above it. */
function formatOf(min: number, max: number): ScoreFormat | undefined {
  if (min < 0) return 'logit';
  return max > fewestPercent && max <= 100 ? 'percent' : undefined;
}

/** Detections from which on a range says something. */
const fewestDetections = 100;

/** Whether scores are probabilities. */
export function diagnoseScores({ groundTruth, predictions, protocol }: DiagnosisInput): Diagnosis[] {
  const { min, max } = scoreEnds(predictions.scores);
  if (min < 0 || max > 1) {
    const format = formatOf(min, max);
    const given = scoreWider(groundTruth, predictions, protocol);
    const asGiven = `the 1,000 thresholds divide another range: ${apWords(groundTruth)} ${formatAps(given)} as given`;
    const evidence = `scores from ${min} to ${max}`;
    const found = { code: 'scores-outside-0-1', level: 'warning', evidence } as const;
    const corrected = format && scoreWider(groundTruth, convertPredictions(predictions, { scores: format }), protocol);
    // A flag that costs AP is no fix.
    if (corrected === undefined || (corrected.hard ?? 0) < (given.hard ?? 0) - mostLost) {
      return [{ ...found, effect: asGiven, fix: 'write probabilities, 0..1' }];
    }
    return [
      {
        ...found,
        effect: `${asGiven}, ${formatAps(corrected)} as ${format === 'percent' ? 'percentages' : 'logits'}`,
        fix: `--scores ${format}, or write probabilities`,
      },
    ];
  }
  if (predictions.scores.length < fewestDetections) return [];
  if (min >= twiceLeast - 1e-3 && max <= twiceMost + 1e-3 && max > twiceMost - 0.03) {
    return [
      {
        code: 'scores-squashed',
        level: 'warning',
        evidence: `scores from ${min.toFixed(4)} to ${max.toFixed(4)}: a sigmoid or softmax over numbers that are probabilities already ends at 0.7311`,
        effect:
          'their order is right, but a score floor keeps all of them or none, and the 1,000 thresholds divide a narrow range',
        fix: 'apply softmax or sigmoid once',
      },
    ];
  }
  if (max >= unsure) return [];
  return [
    {
      code: 'scores-low',
      level: 'warning',
      evidence: `the highest of ${formatCount(predictions.scores.length)} scores is ${max.toFixed(4)}: the detector is sure of no face`,
      effect: 'faces are missed that score below the floor',
      fix: 'check how pixels are brought to the network: divided by 255 twice or not at all, the mean, the order of colours',
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
      : `a threshold keeps everything before its last detection: ${apWords(groundTruth)} ${formatAps(scoreWider(groundTruth, predictions, protocol))} as given, ${sorted} sorted`;
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
