import type { JsonSchema } from '@retinabench/core';
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
 * @param keepLandmarks also the landmarks and all points, where the model gives them; they are never rounded.
 * Source of `truncate`: the public WIDER script, x = int(x1), y = int(y1), w = int(x2) - int(x1), h = int(y2) - int(y1).
 */
export function toDetectedImage(
  image: string,
  widthPx: number,
  heightPx: number,
  found: Detections,
  rounding: BoxRounding,
  keepLandmarks = false,
): DetectedImage {
  const round = rounding === 'truncate' ? Math.trunc : (value: number): number => value;
  const detections: number[] = [];
  for (let at = 0; at < found.count; at++) {
    const [x1, y1, x2, y2] = found.boxesXyxy.subarray(at * 4, at * 4 + 4).map(round);
    detections.push(shortest(x1), shortest(y1), shortest(x2 - x1), shortest(y2 - y1), shortest(found.scores[at]));
  }
  const { landmarks, points } = keepLandmarks ? found : {};
  return {
    image,
    widthPx,
    heightPx,
    detections,
    ...(landmarks && { landmarks: Array.from(landmarks, shortest) }),
    ...(points && { points: Array.from(points.xy, shortest) }),
  };
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
