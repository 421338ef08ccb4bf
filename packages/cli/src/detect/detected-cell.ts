import type { FailedImage, LoggedImage } from '@retinabench/backends/runs';
import type { FaceMeshes } from '../dense/face-meshes.js';
import type { MatrixCell } from '../detection/matrix.js';

/** The detections of an image, or of a frame of a video. */
export interface DetectedFrame extends Omit<LoggedImage, 'sha256'> {
  /** Of the bytes of an image; a frame has none of its own. */
  readonly sha256?: string;
  /** Of a frame, from 0. */
  readonly frame?: number;
  /** When a frame is shown, in seconds from the start; absent where the video does not say. */
  readonly timeS?: number;
}

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
  /** Makes the meshes of the faces; absent: none were asked. */
  readonly meshes?: FaceMeshes;
  readonly detected: readonly DetectedFrame[];
  readonly failed: readonly FailedImage[];
}
