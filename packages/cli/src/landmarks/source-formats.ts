import { annotationFormats, predictionFormats } from '@retinabench/annotations/settings';
import { landmarkFormats } from '@retinabench/eval-landmarks/settings';
import type { LandmarkSource } from './read-landmarks.js';

/** Formats that `--gt-format` and `--pred-format` name. */
export const sourceFormats: Readonly<Record<LandmarkSource['side'], readonly string[]>> = {
  gt: [...landmarkFormats, 'npy', ...annotationFormats],
  pred: [...landmarkFormats, 'npy', ...predictionFormats],
};
