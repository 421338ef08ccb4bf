import { PredictionsBuilder } from './builder.js';
import type { WiderPredictions } from './predictions.js';

/** The predictions for some images alone, in their old order; what the reader found stays as it was. */
export function restrictPredictions(predictions: WiderPredictions, images: ReadonlySet<string>): WiderPredictions {
  const { start, boxesXywh: boxes, scores } = predictions;
  const builder = new PredictionsBuilder();
  predictions.images.forEach((name, image) => {
    if (!images.has(name)) return;
    for (let d = start[image]; d < start[image + 1]; d++) {
      builder.add(boxes[4 * d], boxes[4 * d + 1], boxes[4 * d + 2], boxes[4 * d + 3], scores[d]);
    }
    builder.closeImage(name, predictions.files?.[image]);
  });
  return builder.build(predictions.findings);
}
