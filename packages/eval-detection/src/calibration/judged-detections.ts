/** What a matching made of a detection. */
export const outcomeOf = { falsePositive: 0, hit: 1, ignored: 2 } as const;

/**
 * Detections that were matched to annotated faces, whatever the rules of the matching: detection d belongs to the image i
 * with start[i] <= d < start[i + 1].
 */
export interface JudgedDetections {
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [detections], finite, in any order. */
  readonly scores: Float64Array;
  /** Uint8Array [detections]: a value of `outcomeOf`. */
  readonly outcomes: Uint8Array;
  /** Int32Array [images]: counted faces. */
  readonly faces: Int32Array;
  /** Int32Array [detections]: the detections by descending score, where they are sorted already. */
  readonly ranking?: Int32Array;
}
