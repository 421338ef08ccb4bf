import { type JsonSchema, ProtocolError } from '@retinabench/core';
import type { Detections } from '../detector/detections.js';

/** What happens to a box on its way into a prediction file; the public script truncates its corners to whole pixels. */
export type BoxRounding = 'none' | 'truncate';

/** The detections of one image as a prediction file and the log of a run hold them. */
export interface DetectedImage {
  /** Its name in the run: a relative path whose steps are joined by `/`; in WIDER FACE `<event>/<image>` without extension. */
  readonly image: string;
  /** As it is looked at: the EXIF orientation is applied. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** x, y, w, h, score of each detection in turn, best first; pixels. */
  readonly detections: readonly number[];
  /** Five points (x, y) of each detection in turn, pixels; absent where the run does not keep them or the model has none. */
  readonly landmarks?: readonly number[] | undefined;
  /**
   * All points (x, y) of each detection in turn, in the order of the card, pixels; beside the five landmarks where the card has
   * more or others.
   */
  readonly points?: readonly number[] | undefined;
  /**
   * What the dense head gave for the first detections, `denseRow` numbers each: P_ST, P_cam, P_ill (144), the corners of the
   * square that its camera looks at (x1 > x2 where it was seen mirrored), and its clockwise turn in radians.
   */
  readonly dense?: readonly number[] | undefined;
}

/** Numbers of a detection in `DetectedImage.dense`. */
export const denseRow = 149;

/** What of a detection is kept beside box and score. */
export interface KeptOutputs {
  /** The five landmarks and all points, where the model gives them. */
  readonly landmarks?: boolean | undefined;
  /** What the dense head gave for faces that score at least this. */
  readonly dense?: { readonly leastScore: number } | undefined;
}

/** The fields of `DetectedImage` as JSON Schema. */
export const detectedImageProperties = {
  // The name becomes a path below the run folder: plain steps, none of them `.` or `..`.
  image: { type: 'string', pattern: '^(?!\\.{1,2}(/|$))[^/\\\\\\0]+(/(?!\\.{1,2}(/|$))[^/\\\\\\0]+)*$' },
  widthPx: { type: 'integer', minimum: 1 },
  heightPx: { type: 'integer', minimum: 1 },
  detections: { type: 'array', items: { type: 'number' } },
} as const satisfies Record<string, JsonSchema>;

/**
 * The detections of an image as they are written: x y w h score, rounded as the protocol says, each number the
 * shortest decimal that is the same float32.
 *
 * @param keep what else is kept, where the model gives it; it is never rounded.
 * Source of `truncate`: the public WIDER script, x = int(x1), y = int(y1), w = int(x2) - int(x1), h = int(y2) - int(y1).
 */
export function toDetectedImage(
  image: string,
  widthPx: number,
  heightPx: number,
  found: Detections,
  rounding: BoxRounding,
  keep: KeptOutputs = {},
): DetectedImage {
  const round = rounding === 'truncate' ? Math.trunc : (value: number): number => value;
  const detections: number[] = [];
  for (let at = 0; at < found.count; at++) {
    const [x1, y1, x2, y2] = found.boxesXyxy.subarray(at * 4, at * 4 + 4).map(round);
    detections.push(shortest(x1), shortest(y1), shortest(x2 - x1), shortest(y2 - y1), shortest(found.scores[at]));
  }
  const { landmarks, points } = keep.landmarks ? found : {};
  const dense = keep.dense && denseRows(image, found, keep.dense.leastScore);
  return {
    image,
    widthPx,
    heightPx,
    detections,
    ...(landmarks && { landmarks: Array.from(landmarks, shortest) }),
    ...(points && { points: Array.from(points.xy, shortest) }),
    ...(dense && { dense }),
  };
}

/** The rows of the detections that come first and score at least `leastScore`. */
function denseRows(image: string, { count, scores, dense }: Detections, leastScore: number): number[] {
  if (count === 0) return [];
  if (dense === undefined) {
    throw new ProtocolError(
      `${image}: expected what the dense head gives for each face, got none from this backend; leave --dense out, or choose --backend ort-node`,
    );
  }
  const { parameters, squaresXyxy, rolls } = dense;
  const each = denseRow - 5;
  const rows: number[] = [];
  for (let at = 0; at < count && scores[at] >= leastScore; at++) {
    rows.push(...Array.from(parameters.subarray(at * each, (at + 1) * each), shortest));
    rows.push(...Array.from(squaresXyxy.subarray(at * 4, at * 4 + 4), shortest), shortest(rolls[at]));
  }
  return rows;
}

/** The float64 of the shortest decimal that rounds to the same float32 as `value`. */
function shortest(value: number): number {
  const float = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(float.toPrecision(digits));
    if (Math.fround(decimal) === float) return decimal + 0;
  }
  return Number(float.toPrecision(9)) + 0;
}
