import type { Annotations } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core/basics';
import type { FaceBoxes } from '@retinabench/results';
import type { FaceSettings, Treatment } from './treatment.js';

/** The annotated faces as all metrics take them: which count, which are ignored and how. */
export interface EvaluatedFaces extends FaceBoxes {
  /** Uint8Array [faces]: 1 where any number of detections may go to the face, which is ignored. */
  readonly crowd: Uint8Array;
  /** Uint8Array [faces]: 1 where the face counts; all others are ignored. */
  readonly counted: Uint8Array;
  /** Float64Array [faces]: by which faces are small, medium or large. */
  readonly areasPx: Float64Array;
  /** Int32Array [faces]: index of each in the annotations, which also hold those that were dropped. */
  readonly source: Int32Array;
  /** Faces of the annotations by what became of them, and those among them without area. */
  readonly numbers: {
    readonly counted: number;
    readonly ignored: number;
    readonly crowd: number;
    readonly dropped: number;
    readonly withoutArea: number;
  };
}

/** The stronger treatment decides where a face has several flags. */
const strength: readonly Treatment[] = ['count', 'ignore', 'crowd', 'drop'];

/**
 * Apply the settings to the flags of annotated faces.
 *
 * @throws {ProtocolError} if the minimum size is not finite and at least 0.
 * Cost: O(faces).
 */
export function evaluatedFaces(annotations: Annotations, settings: FaceSettings): EvaluatedFaces {
  if (!(settings.minSizePx >= 0 && settings.minSizePx < Number.POSITIVE_INFINITY)) {
    throw new ProtocolError(`smallest face: expected pixels of at least 0, got ${settings.minSizePx}`);
  }
  const { boxesXywh: boxes, areasPx } = annotations;
  const all = boxes.length / 4;
  const start = new Int32Array(annotations.start.length);
  const kept = new Int32Array(all);
  const treated = new Uint8Array(all);
  let count = 0;
  let withoutArea = 0;
  for (let image = 0; image + 1 < start.length; image++) {
    for (let face = annotations.start[image]; face < annotations.start[image + 1]; face++) {
      const hasArea = boxes[4 * face + 2] > 0 && boxes[4 * face + 3] > 0;
      if (!hasArea) withoutArea++;
      const treatment = treatmentOf(annotations, settings, face, hasArea);
      if (strength[treatment] === 'drop') continue;
      kept[count] = face;
      treated[count++] = treatment;
    }
    start[image + 1] = count;
  }
  const source = kept.subarray(0, count);
  const isTreated = (as: Treatment): Uint8Array =>
    Uint8Array.from(source, (_, face) => (strength[treated[face]] === as ? 1 : 0));
  const [counted, crowd] = [isTreated('count'), isTreated('crowd')];
  const sum = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);
  const numbers = { counted: sum(counted), crowd: sum(crowd), dropped: all - count, withoutArea };
  const boxesXywh = count === all ? boxes : pick(boxes, source);
  return {
    start,
    boxesXywh,
    crowd,
    counted,
    areasPx: Float64Array.from(source, (face, at) =>
      areasPx === undefined ? areaOf(boxesXywh, 4 * at) : areasPx[face],
    ),
    source,
    numbers: { ...numbers, ignored: count - numbers.counted - numbers.crowd },
  };
}

/** Area of the box at `at`; 0 where a side is negative. */
export function areaOf(boxesXywh: Float64Array, at: number): number {
  return Math.max(0, boxesXywh[at + 2]) * Math.max(0, boxesXywh[at + 3]);
}

/** Index into `strength`. */
function treatmentOf(
  { crowd, ignored, difficult, boxesXywh }: Annotations,
  settings: FaceSettings,
  face: number,
  hasArea: boolean,
): number {
  let treatment = 0;
  const apply = (as: Treatment): void => {
    treatment = Math.max(treatment, strength.indexOf(as));
  };
  if (crowd[face] === 1) apply(settings.crowd);
  if (ignored[face] === 1) apply(settings.ignored);
  if (difficult[face] === 1) apply(settings.difficult);
  const shorterPx = Math.max(0, Math.min(boxesXywh[4 * face + 2], boxesXywh[4 * face + 3]));
  if (shorterPx < settings.minSizePx) apply('ignore');
  if (!hasArea && settings.facesWithoutArea === 'ignored') apply('ignore');
  return treatment;
}

function pick(boxes: Float64Array, source: Int32Array): Float64Array {
  const picked = new Float64Array(4 * source.length);
  for (let face = 0; face < source.length; face++) {
    picked.set(boxes.subarray(4 * source[face], 4 * source[face] + 4), 4 * face);
  }
  return picked;
}
