import { formatShare, quantile } from '@retinabench/results';
import { PredictionsBuilder } from '../predictions/builder.js';
import type { WiderPredictions } from '../predictions/predictions.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { gatherEvidence, type MatchEvidence } from './evidence.js';
import { diagnoseMisread } from './misread.js';

/** Hits that are needed, and share of the detections that score like the better half of them that may go to no face. */
const fewestHits = 50;
const mostMisses = 0.25;

/** Share of the faces that the misses have to find under another reading. */
const fewestFound = 0.3;

/**
 * Whether a part of the detections of every image holds boxes that mean something else: a pass over the mirrored or resized
 * image, say, that was not brought back before all passes were put together. A detector that works is right about those that
 * it is surest of; here the misses among them find the faces under one reading.
 *
 * Cost: a sort of the hits; a search of readings only where many sure detections go to no face.
 */
export function diagnoseMixed(input: DiagnosisInput, { detections, matches }: MatchEvidence): Diagnosis[] {
  const { scores } = detections;
  const isHit = (d: number): boolean => matches.face[d] >= 0;
  const hits = scores.filter((_, d) => isHit(d) && matches.first[d] === 1);
  if (hits.length < fewestHits) return [];
  const sure = quantile(hits, 0.5);
  let all = 0;
  let missed = 0;
  for (let d = 0; d < scores.length; d++) {
    if (!(scores[d] >= sure)) continue;
    all++;
    if (!isHit(d)) missed++;
  }
  if (missed <= mostMisses * all) return [];
  const { matched: _, ...rest } = input;
  const misses = { ...rest, predictions: missesOf(input, detections, isHit) };
  const [reading] = diagnoseMisread(misses, gatherEvidence(misses), fewestFound);
  if (reading === undefined || reading.code === 'box-size') return [];
  return [
    {
      code: 'mixed-boxes',
      level: 'error',
      evidence: `${formatShare(missed / all)} of the detections that score like the better half of those on faces go to no face; for these alone, ${reading.evidence}`,
      effect: 'they are false positives of high score',
      fix: 'bring the boxes of every pass, mirrored or resized, back to the image before they are put together, and suppress them together',
    },
  ];
}

/** The detections that go to no face. */
function missesOf(
  { groundTruth }: DiagnosisInput,
  { start, boxesXywh: boxes, scores }: MatchEvidence['detections'],
  isHit: (detection: number) => boolean,
): WiderPredictions {
  const builder = new PredictionsBuilder();
  groundTruth.images.forEach((name, image) => {
    for (let d = start[image]; d < start[image + 1]; d++) {
      if (!isHit(d)) builder.add(boxes[4 * d], boxes[4 * d + 1], boxes[4 * d + 2], boxes[4 * d + 3], scores[d]);
    }
    builder.closeImage(name);
  });
  return builder.build();
}
