import type { DetectedImage } from '@retinabench/backends/runs';
import {
  type Diagnosis,
  diagnose,
  type MatchedPredictions,
  matchPredictions,
  restrictPredictions,
  type ScoringProtocol,
  toPredictions,
  type WiderGroundTruth,
  type WiderPredictions,
} from '@retinabench/eval-wider';

/** Detections as they are scored, and what is wrong with them. */
export interface DiagnosedDetections {
  readonly predictions: WiderPredictions;
  readonly matched: MatchedPredictions;
  readonly diagnoses: readonly Diagnosis[];
}

/**
 * Diagnose a detector's own detections as `wider score` diagnoses those of others.
 *
 * @param images      what was detected.
 * @param scored      names of all images that are scored; those that failed have no detections.
 * @param groundTruth of these images; detections on others are left out.
 */
export function diagnoseDetected(
  images: readonly DetectedImage[],
  scored: readonly string[],
  groundTruth: WiderGroundTruth,
  protocol: ScoringProtocol,
): DiagnosedDetections {
  const detected = toPredictions(images);
  const found = new Set(detected.images);
  const failed = scored.filter((image) => !found.has(image));
  const end = detected.scores.length;
  const all = {
    ...detected,
    images: [...detected.images, ...failed],
    start: Int32Array.from([...detected.start, ...failed.map(() => end)]),
  };
  const predictions = restrictPredictions(all, new Set(groundTruth.images));
  const matched = matchPredictions(groundTruth, predictions, protocol);
  const sizes = new Map(images.map(({ image, widthPx, heightPx }) => [image, { widthPx, heightPx }]));
  const diagnoses = diagnose({
    groundTruth,
    predictions,
    protocol,
    requireSorted: false,
    origin: 'detector',
    sizeOf: (image) => sizes.get(image),
    allSizesKnown: failed.length === 0,
    matched,
  });
  return { predictions, matched, diagnoses };
}
