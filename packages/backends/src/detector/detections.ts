/** The faces found in one image, best score first. */
export interface Detections {
  readonly count: number;
  /** Float32Array [count, 4]: (x1, y1, x2, y2) in pixels of the original image, not clipped to it. */
  readonly boxesXyxy: Float32Array;
  /** Float32Array [count], 0..1. */
  readonly scores: Float32Array;
  /** Float32Array [count, 10]: (x, y) of left eye, right eye, nose tip, left and right mouth corner as seen in the image. */
  readonly landmarks?: Float32Array;
  /** All points of each face, where the card has more or others than the landmarks. */
  readonly points?: PointDetections;
  /** Of a network with a dense head. */
  readonly dense?: DenseDetections;
}

/** All points of each face in the order of the card. */
export interface PointDetections {
  /** Points of a face. */
  readonly perFace: number;
  /** Float32Array [count, perFace, 2]: (x, y) in pixels of the original image. */
  readonly xy: Float32Array;
}

/** What the dense head gave for each face; `DenseFaceReader` makes the projected mesh and the pixel map of it. */
export interface DenseDetections {
  /** Float32Array [count, 144]: P_ST, P_cam, P_ill, the camera relative to the square of `squaresXyxy`. */
  readonly parameters: Float32Array;
  /**
   * Float32Array [count, 4]: (x1, y1, x2, y2) of the anchor in pixels of the original image; x1 > x2 where the face was
   * found in the mirrored image.
   */
  readonly anchorsXyxy: Float32Array;
  /**
   * Float32Array [count, 4]: (x1, y1, x2, y2) in pixels of the original image of the square that the camera looks at, before
   * its turn: the anchor, or the crop of the face, as the card's `denseFrame` says; x1 > x2 as with the anchor.
   */
  readonly squaresXyxy: Float32Array;
  /** Float32Array [count]: clockwise turn of each square in the original image, radians. */
  readonly rolls: Float32Array;
}
