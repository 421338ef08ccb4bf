import { ProtocolError, ShapeError } from '@retinabench/core/basics';
import {
  type CandidatePairs,
  candidatePairs,
  type FaceBoxes,
  type FaceRoles,
  matchDetections,
  type RankedDetections,
} from '@retinabench/results';
import { detectionTypes } from './error-types.js';
import { type TideSettings, usualTideSettings } from './tide-settings.js';

/** What is to be classified; faces and detections of the same images in the same order. */
export interface TideInput {
  readonly faces: FaceBoxes & FaceRoles;
  /** Float64Array [*, 4]: the boxes of the detections that `ranked` orders. */
  readonly boxesXywh: Float64Array;
  readonly ranked: RankedDetections;
  /** Uint8Array [ranks]: 1 where a detection that finds no face is ignored; absent: nowhere. */
  readonly outside?: Uint8Array;
}

/** Each detection with its type, by rank, and each face with what became of it. */
export interface ClassifiedErrors {
  /** Uint8Array [ranks]: a value of `detectionTypes`. By tidecv's rule an ignored detection has the type of its error. */
  readonly type: Uint8Array;
  /** Uint8Array [ranks]: 1 where the detection went to a face that does not count, and so is not a false positive. */
  readonly ignored: Uint8Array;
  /** Int32Array [ranks]: the face that was found, or that it overlaps most among the counted ones; -1: none. */
  readonly face: Int32Array;
  /** Float64Array [ranks]: IoU with the counted face that it overlaps most; 0 where that is below the background threshold. */
  readonly bestIou: Float64Array;
  /** Uint8Array [ranks]: 1 where the detection, were its box right, would find a face that nothing finds. */
  readonly repairs: Uint8Array;
  /** Uint8Array [faces]: 1 where the face counts. */
  readonly counted: Uint8Array;
  /** Uint8Array [faces]: 1 where the face counts and is found. */
  readonly found: Uint8Array;
  /** Uint8Array [faces]: 1 where the face counts, is not found, and no detection could repair it. */
  readonly missed: Uint8Array;
}

/**
 * Tell what each detection is, and which faces are missed.
 *
 * Detections are matched as COCO does at the foreground threshold. Of one that finds nothing, with u its highest IoU with a
 * counted face: background <= u <= foreground: a localisation error; else, IoU of at least foreground with a face that is
 * found: a duplicate; else background. A localisation error repairs its face if nothing finds it and no better detection
 * repairs it already. A face that is neither found nor repaired is missed.
 *
 * @throws {ProtocolError} if the thresholds are not 0 < background < foreground <= 1.
 * @throws {ShapeError} if faces and detections are not of as many images.
 * Cost: that of candidatePairs at the background threshold, and one pass over the pairs.
 * Source: Bolya, Foley, Hays, Hoffman (2020), "TIDE: A General Toolbox for Identifying Object Detection Errors", and
 * tidecv 1.0.1, for one class.
 */
export function classifyErrors(
  input: TideInput,
  { rule, foreground, background }: TideSettings = usualTideSettings,
): ClassifiedErrors {
  const { faces, boxesXywh, ranked } = input;
  if (!(background > 0 && background < foreground && foreground <= 1)) {
    throw new ProtocolError(
      `TIDE: expected thresholds 0 < background < foreground <= 1, got ${background} and ${foreground}`,
    );
  }
  if (faces.start.length !== ranked.start.length) {
    throw new ShapeError(
      `TIDE: expected faces and detections of the same images, got ${faces.start.length - 1} and ${ranked.start.length - 1} images`,
    );
  }
  const pairs = candidatePairs(faces, boxesXywh, ranked, background);
  const matched = matchDetections(pairs, faces, foreground, new Int32Array(ranked.detection.length));
  const found = new Uint8Array(faces.counted.length);
  for (const face of matched) if (face >= 0 && faces.counted[face] === 1) found[face] = 1;
  const result = {
    type: new Uint8Array(matched.length),
    ignored: new Uint8Array(matched.length),
    face: new Int32Array(matched.length).fill(-1),
    bestIou: new Float64Array(matched.length),
    repairs: new Uint8Array(matched.length),
    counted: faces.counted,
    found,
    missed: faces.counted.map((counted, face) => (counted === 1 && found[face] === 0 ? 1 : 0)),
  };
  for (let rank = 0; rank < matched.length; rank++) {
    const best = bestCounted(pairs, faces.counted, rank);
    result.bestIou[rank] = best < 0 ? 0 : pairs.overlap[best];
    result.face[rank] = best < 0 ? -1 : pairs.face[best];
    if (matched[rank] >= 0 && faces.counted[matched[rank]] === 1) {
      result.face[rank] = matched[rank];
      continue;
    }
    const isIgnored = matched[rank] >= 0 || input.outside?.[rank] === 1;
    result.ignored[rank] = isIgnored ? 1 : 0;
    const type =
      isIgnored && rule === 'clean'
        ? detectionTypes.ignored
        : errorOf(pairs, found, rank, result.bestIou[rank], foreground);
    result.type[rank] = type;
    if (type !== detectionTypes.localisation) continue;
    const face = result.face[rank];
    if (result.missed[face] === 0) continue;
    result.missed[face] = 0;
    result.repairs[rank] = 1;
  }
  return result;
}

/** The pair of a detection with the counted face that it overlaps most, of equal ones the first face; -1: none. */
function bestCounted({ start, face, overlap }: CandidatePairs, counted: Uint8Array, rank: number): number {
  let best = -1;
  for (let pair = start[rank]; pair < start[rank + 1]; pair++) {
    if (counted[face[pair]] !== 1) continue;
    const isBetter =
      best < 0 || overlap[pair] > overlap[best] || (overlap[pair] === overlap[best] && face[pair] < face[best]);
    if (isBetter) best = pair;
  }
  return best;
}

function errorOf(
  { start, face, overlap }: CandidatePairs,
  found: Uint8Array,
  rank: number,
  bestIou: number,
  foreground: number,
): number {
  if (bestIou === 0) return detectionTypes.background;
  if (bestIou <= foreground) return detectionTypes.localisation;
  for (let pair = start[rank]; pair < start[rank + 1]; pair++) {
    if (overlap[pair] >= foreground && found[face[pair]] === 1) return detectionTypes.duplicate;
  }
  return detectionTypes.both;
}
