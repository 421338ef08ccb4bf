import type { FailedImage, LoggedImage } from '@retinabench/backends/runs';
import type { MatrixCell } from '../detection/matrix.js';

/** What one detector found in all images. */
export interface DetectedCell {
  readonly cell: MatrixCell;
  /** What tells it from the others in words; empty where there is one. */
  readonly name: string;
  readonly model: string;
  readonly backend: string;
  readonly scale: string;
  /** Names of all points of a face, where the card has more or others than the five landmarks and names them. */
  readonly pointNames?: readonly string[];
  readonly detected: readonly LoggedImage[];
  readonly failed: readonly FailedImage[];
}
