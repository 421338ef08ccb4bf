import { formatCount } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { convertPredictions } from '../predictions/convert.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import type { MatchEvidence } from './evidence.js';
import { scoreEnds } from './scores.js';

/** Detections that the areas under curves are computed from, evenly out of all. */
const mostDetections = 8000;

/** Hits and misses that are needed. */
const fewestOfEach = 15;

/** Below it scores fall where detections are right; within `chance` of a half they say nothing. */
const inverted = 0.35;
const chance = 0.04;
const fewestForChance = 300;

/** Factor by which AP has to rise when the scores are turned. */
const timesBetter = 1.2;

/**
 * Whether scores rise with what they should: the area under the curve of hits against misses is above a half for every
 * detector that works, however weak.
 *
 * Cost: sorts at most 8,000 scores; two scorings where something is wrong.
 */
export function diagnoseInverted(input: DiagnosisInput, { detections, matches }: MatchEvidence): Diagnosis[] {
  const step = Math.max(1, Math.floor(detections.scores.length / mostDetections));
  const rows: { score: number; hit: boolean }[] = [];
  for (let d = 0; d < detections.scores.length; d += step) {
    // A second detection of a face is neither.
    if (matches.face[d] >= 0 && matches.first[d] === 0) continue;
    rows.push({ score: detections.scores[d], hit: matches.face[d] >= 0 });
  }
  const hits = rows.filter(({ hit }) => hit).length;
  const misses = rows.length - hits;
  if (hits < fewestOfEach || misses < fewestOfEach) return [];
  const area = areaUnderCurve(rows, hits);
  const { groundTruth, predictions, protocol } = input;
  if (Math.abs(area - 0.5) < chance && Math.min(hits, misses) >= fewestForChance) {
    return [
      {
        code: 'scores-uninformative',
        level: 'warning',
        evidence: `a detection that finds a face scores higher than one that does not in ${(100 * area).toFixed(1)} % of the pairs (${formatCount(hits)} and ${formatCount(misses)} detections), no more often than by chance`,
        effect: 'AP is that of detections in random order',
        fix: 'check that each score stands with its own box',
      },
    ];
  }
  if (area > inverted) return [];
  const { min, max } = scoreEnds(predictions.scores);
  const format = min >= 0 && max <= 1 ? 'inverted' : 'negated';
  const given = scoreWider(groundTruth, predictions, protocol);
  const turned = scoreWider(groundTruth, convertPredictions(predictions, { scores: format }), protocol);
  if (!((turned.hard ?? 0) > timesBetter * (given.hard ?? 0))) return [];
  return [
    {
      code: 'scores-inverted',
      level: 'error',
      evidence: `scores are inverted, the best detections score lowest: one that finds a face scores higher than one that does not in only ${(100 * area).toFixed(1)} % of the pairs (${formatCount(hits)} and ${formatCount(misses)} detections)`,
      effect: `${apWords(groundTruth)} ${formatAps(given)} as given, ${formatAps(turned)} with the scores ${format === 'inverted' ? 'as 1 - s' : 'negated'}`,
      fix:
        input.origin === 'detector'
          ? 'take the probability of a face, not of background: the other class of the softmax'
          : `--scores ${format}, or write scores that are larger for surer detections`,
    },
  ];
}

/** The share of pairs of a hit and a miss in which the hit scores higher; ties count half (Mann and Whitney, 1947). */
function areaUnderCurve(rows: { readonly score: number; readonly hit: boolean }[], hits: number): number {
  rows.sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let from = 0; from < rows.length; ) {
    let to = from;
    while (to < rows.length && rows[to].score === rows[from].score) to++;
    const rank = (from + to + 1) / 2;
    for (let at = from; at < to; at++) if (rows[at].hit) rankSum += rank;
    from = to;
  }
  return (rankSum - (hits * (hits + 1)) / 2) / (hits * (rows.length - hits));
}
