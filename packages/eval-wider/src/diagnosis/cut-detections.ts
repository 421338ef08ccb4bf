import { formatCount, formatShare } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import type { MatchEvidence } from './evidence.js';
import { scoreEnds } from './scores.js';

/**
 * What cuts cost the public MobileNet-0.25 run on full validation, in AP easy, medium, hard: all detections below a score,
 * and all but the first of an image. Measured by `npx nx run eval-wider:bench-cuts`.
 */
const costOfFloor: readonly CostOfCut[] = [
  [0.1, 0.002, 0.0046, 0.0201],
  [0.2, 0.0048, 0.0107, 0.0465],
  [0.3, 0.0088, 0.0175, 0.0725],
  [0.4, 0.0121, 0.0236, 0.0991],
  [0.5, 0.0164, 0.0312, 0.1264],
  [0.6, 0.0244, 0.0421, 0.1567],
  [0.7, 0.0327, 0.0558, 0.1932],
  [0.8, 0.0466, 0.0754, 0.2366],
  [0.9, 0.0683, 0.1132, 0.3059],
  [0.95, 0.1048, 0.1583, 0.3676],
];
const costOfCap: readonly CostOfCut[] = [
  [1, 0.5974, 0.6711, 0.6424],
  [2, 0.4355, 0.5481, 0.5815],
  [3, 0.3349, 0.4609, 0.5352],
  [5, 0.2099, 0.3373, 0.4633],
  [10, 0.0892, 0.1865, 0.3557],
  [20, 0.0263, 0.0767, 0.2515],
  [30, 0.0103, 0.0385, 0.1984],
  [50, 0.0035, 0.015, 0.1425],
  [100, 0, 0.001, 0.079],
  [200, 0, 0, 0.0312],
  [300, 0, 0, 0.0131],
  [500, 0, 0, 0.0039],
];

type CostOfCut = readonly [cut: number, easy: number, medium: number, hard: number];

/** Lowest score from which on it is said; published runs go down to 0.01 to 0.05. */
const highFloor = 0.1;

/** Share of the lowest-scored tenth of the detections that has to find faces: then those below would have found some, too. */
const usefulTail = 0.03;

/** Detections of which a tail says something. */
const fewestDetections = 50;

/** Whether detections of low score were left out although they would find faces. */
export function diagnoseFloor(input: DiagnosisInput, evidence: MatchEvidence): Diagnosis[] {
  const { scores } = input.predictions;
  const { min, max } = scoreEnds(scores);
  if (min < highFloor || max > 1 || scores.length < fewestDetections) return [];
  const useful = usefulShareOfTail(input, evidence);
  if (useful < usefulTail) return [];
  return [
    {
      code: 'score-floor',
      level: 'warning',
      evidence: `the lowest score is ${min.toFixed(2)}, and ${formatShare(useful)} of the lowest-scored tenth of the detections find a face; published runs go down to 0.02`,
      effect: `faces below the threshold are missed; on the public MobileNet-0.25 run a floor of ${describeCost(costOfFloor, min)}`,
      fix: 'detect again with a score floor of 0.02; precision at a threshold can be read off the curve',
    },
  ];
}

function usefulShareOfTail({ groundTruth }: DiagnosisInput, { detections, matches }: MatchEvidence): number {
  const order = Float64Array.from(detections.scores).sort();
  const tail = order[Math.floor(order.length / 10)];
  let all = 0;
  let useful = 0;
  detections.scores.forEach((score, d) => {
    if (score > tail) return;
    all++;
    if (matches.face[d] >= 0 && matches.first[d] === 1) useful += groundTruth.counted.hard[matches.face[d]];
  });
  return useful / Math.max(all, 1);
}

/** Share of the images that have to have the largest number of detections, and how many at least. */
const cappedShare = 0.05;
const fewestCapped = 5;

/** Whether images have at most a fixed number of detections. */
export function diagnoseCap({ groundTruth, predictions }: DiagnosisInput, { detections }: MatchEvidence): Diagnosis[] {
  const { start } = detections;
  const counts = groundTruth.images.map((_, image) => start[image + 1] - start[image]);
  const cap = counts.reduce((most, count) => Math.max(most, count), 0);
  const capped = counts.flatMap((count, image) => (count === cap ? [image] : []));
  if (cap === 0 || capped.length < Math.max(fewestCapped, cappedShare * counts.length)) return [];
  const faces = (image: number): number => groundTruth.start[image + 1] - groundTruth.start[image];
  const crowded = capped.filter((image) => faces(image) > cap);
  // Where the last detection of full images scores as low as any, nothing worth having was left out.
  const { min, max } = scoreEnds(predictions.scores);
  const last = capped.map((image) => detections.scores[start[image + 1] - 1]).sort((a, b) => a - b);
  const cutHigh = last[Math.floor(last.length / 2)] > min + 0.02 * (max - min);
  if (crowded.length === 0 && !(cap >= 5 && cutHigh)) return [];
  return [
    {
      code: 'detections-capped',
      level: 'warning',
      evidence: `no image has more than ${cap} detections, and ${formatCount(capped.length)} of ${formatCount(counts.length)} images have exactly ${cap}${crowded.length > 0 ? `, ${formatCount(crowded.length)} of them with more faces than that` : ''}`,
      effect: `faces beyond the limit are missed; on the public MobileNet-0.25 run a limit of ${describeCost(costOfCap, cap)}`,
      fix: 'detect again without a limit of detections an image (keep_top_k, max_det), or with one of 750 or more',
    },
  ];
}

/** What the nearest cut in a table cost. */
function describeCost(table: readonly CostOfCut[], cut: number): string {
  const nearest = table.reduce((best, row) =>
    Math.abs(Math.log(row[0] / cut)) < Math.abs(Math.log(best[0] / cut)) ? row : best,
  );
  const [at, ...costs] = nearest;
  return `${at} cost ${costs.map((cost) => cost.toFixed(3)).join(' / ')} of AP easy / medium / hard`;
}
