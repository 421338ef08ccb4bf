/** Annotated faces of the images that are browsed: face f belongs to the image i with start[i] <= f < start[i + 1]. */
export interface ViewFaces {
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [faces], pixels. */
  readonly heightsPx: Float64Array;
  /** Uint32Array [faces]: bit a is set where the face has attribute a of the index. */
  readonly attributes: Uint32Array;
}

/** Detections of a run on the same images, matched once: what each is at any score follows by `judgeImage`. */
export interface ViewRun {
  /** Uint8Array [images]: 1 where the record evaluates the image. */
  readonly evaluated: Uint8Array;
  /** Uint8Array [faces]: bit s is set where the face counts in split s of the index; all others are ignored. */
  readonly counted: Uint8Array;
  /** Int32Array [images + 1]: the detections of image i, in the order in which they are matched. */
  readonly start: Int32Array;
  /** Float64Array [detections]. */
  readonly scores: Float64Array;
  /** Int32Array [detections]: the face of the image that the detection goes to, from 0; -1: none. */
  readonly face: Int32Array;
  /** Int32Array [detections]: the face that it overlaps most, but not enough; -1: none. */
  readonly near: Int32Array;
  /** Uint8Array [detections]: 1 where the detection is ignored whatever counts. */
  readonly aside: Uint8Array;
  /** Float64Array [detections], pixels. */
  readonly heightsPx: Float64Array;
}
