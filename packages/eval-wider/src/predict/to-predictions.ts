import type { DetectedImage } from '@retinabench/backends/runs';
import { PredictionsBuilder } from '../predictions/builder.js';
import type { WiderPredictions } from '../predictions/predictions.js';

/** The detections of a run as the evaluator takes them, equal to those read from the run's submission files. */
export function toPredictions(detected: readonly DetectedImage[]): WiderPredictions {
  const builder = new PredictionsBuilder();
  for (const { image, detections } of detected) {
    for (let at = 0; at < detections.length; at += 5) {
      builder.add(detections[at], detections[at + 1], detections[at + 2], detections[at + 3], detections[at + 4]);
    }
    builder.closeImage(image);
  }
  return builder.build();
}
