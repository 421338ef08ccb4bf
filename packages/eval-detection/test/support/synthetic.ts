import type { Annotations, AttributeColumn, Predictions } from '@retinabench/annotations';
import type { DetectedBoxes } from '../../src/match/prepare-matching.js';

/** One annotated face of a test. */
export interface TestFace {
  readonly box: readonly number[];
  readonly crowd?: boolean;
  readonly ignored?: boolean;
  readonly difficult?: boolean;
  readonly areaPx?: number;
}

/** Annotations of images by name. */
export function annotationsOf(
  images: Readonly<Record<string, readonly TestFace[]>>,
  attributes: Readonly<Record<string, AttributeColumn>> = {},
): Annotations {
  const faces = Object.values(images).flat();
  const start = [0];
  for (const own of Object.values(images)) start.push(start[start.length - 1] + own.length);
  const flags = (of: (face: TestFace) => boolean | undefined): Uint8Array =>
    Uint8Array.from(faces, (face) => (of(face) === true ? 1 : 0));
  return {
    images: Object.keys(images),
    sizesPx: new Int32Array(2 * (start.length - 1)),
    start: Int32Array.from(start),
    boxesXywh: Float64Array.from(faces.flatMap(({ box }) => [...box])),
    ...(faces.some(({ areaPx }) => areaPx !== undefined)
      ? { areasPx: Float64Array.from(faces, ({ areaPx, box }) => areaPx ?? box[2] * box[3]) }
      : {}),
    crowd: flags(({ crowd }) => crowd),
    ignored: flags(({ ignored }) => ignored),
    difficult: flags(({ difficult }) => difficult),
    attributes: new Map(Object.entries(attributes)),
  };
}

/** Predictions of images by name: rows of x, y, w, h, score. */
export function predictionsOf(images: Readonly<Record<string, readonly (readonly number[])[]>>): Predictions {
  const rows = Object.values(images).flat();
  const start = [0];
  for (const own of Object.values(images)) start.push(start[start.length - 1] + own.length);
  return {
    images: Object.keys(images),
    start: Int32Array.from(start),
    boxesXywh: Float64Array.from(rows.flatMap((row) => row.slice(0, 4))),
    scores: Float64Array.from(rows, (row) => row[4]),
  };
}

/** Predictions whose images stand in the order of the annotations. */
export function inOrder({ start, boxesXywh, scores }: Predictions): DetectedBoxes {
  return { ranges: { first: start.subarray(0, -1), end: start.subarray(1) }, boxesXywh, scores };
}
