/** The faces found in one image, best score first. */
export interface Detections {
  readonly count: number;
  /** Float32Array [count, 4]: (x1, y1, x2, y2) in pixels of the original image, not clipped to it. */
  readonly boxesXyxy: Float32Array;
  /** Float32Array [count], 0..1. */
  readonly scores: Float32Array;
  /** Float32Array [count, 10]: (x, y) of left eye, right eye, nose tip, left and right mouth corner as seen in the image. */
  readonly landmarks?: Float32Array;
}
