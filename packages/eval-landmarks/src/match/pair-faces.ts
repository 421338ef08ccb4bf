import { DatasetError, ProtocolError } from '@retinabench/core';
import { candidatePairs, matchDetections, rankDetections } from '@retinabench/results';
import type { LandmarkSet } from '../set/landmark-set.js';
import { boxesAroundPoints } from './boxes-around-points.js';
import { facesByImage, type ImageFaces } from './faces-by-image.js';
import type { Pairing } from './pairings.js';

/** Which predicted face belongs to which annotated one. */
export interface PairedFaces {
  /** Int32Array [annotated faces]: the predicted face of each, -1 where none is. */
  readonly matches: Int32Array;
  /** Predicted faces on annotated images that match none. */
  readonly unmatched: number;
  /** The pairing as settings of a protocol. */
  readonly protocol: Readonly<Record<string, string | number>>;
  /** What was assumed, and what is left out: for the user and the record. */
  readonly notes: readonly string[];
}

/** What the user may ask for. */
export interface PairingOptions {
  readonly pairing?: Pairing | undefined;
  /** IoU from which on boxes match. */
  readonly iou: number;
}

/**
 * Bring annotated and predicted faces together.
 *
 * @param options without a pairing: `row` where a set names no images, `iou` where both have boxes or an image has several
 * faces, else `image`.
 * @throws {DatasetError} if the sets do not have what the pairing needs: rows of other numbers, names, one face an image.
 * Cost: O(faces log faces).
 */
export function pairFaces(annotated: LandmarkSet, predicted: LandmarkSet, options: PairingOptions): PairedFaces {
  const { pairing = choosePairing(annotated, predicted), iou } = options;
  if (!(iou > 0 && iou <= 1)) throw new ProtocolError(`IoU: expected a number above 0 and at most 1, got ${iou}`);
  if (pairing === 'row') return pairRows(annotated, predicted);
  const images = facesByImage(annotated, predicted);
  return pairing === 'image' ? pairImages(annotated, predicted, images) : pairBoxes(annotated, predicted, images, iou);
}

function choosePairing(annotated: LandmarkSet, predicted: LandmarkSet): Pairing {
  const [ofAnnotated, ofPredicted] = [annotated.imageOf, predicted.imageOf];
  if (ofAnnotated === undefined || ofPredicted === undefined) return 'row';
  if (annotated.boxesXywh !== undefined && predicted.boxesXywh !== undefined) return 'iou';
  const single = (imageOf: Int32Array): boolean => new Set(imageOf).size === imageOf.length;
  return single(ofAnnotated) && single(ofPredicted) ? 'image' : 'iou';
}

function pairRows(annotated: LandmarkSet, predicted: LandmarkSet): PairedFaces {
  if (annotated.faces !== predicted.faces) {
    throw new DatasetError(
      `${predicted.place}: expected a row for each of the ${annotated.faces} faces of ${annotated.place}, got ${predicted.faces}; write NaN for a face that is not found, or give predictions with names of images`,
    );
  }
  const matches = Int32Array.from({ length: annotated.faces }, (_, face) => face);
  return { matches, unmatched: 0, protocol: { pairing: 'row' }, notes: [] };
}

function pairImages(annotated: LandmarkSet, predicted: LandmarkSet, images: ImageFaces): PairedFaces {
  const matches = new Int32Array(annotated.faces).fill(-1);
  for (const [set, groups] of [
    [annotated, images.annotated],
    [predicted, images.predicted],
  ] as const) {
    const crowded = groups.findIndex((faces) => faces.length > 1);
    if (crowded < 0) continue;
    throw new DatasetError(
      `${set.place}: ${annotated.images?.[crowded]}: expected one face of every image, got ${groups[crowded].length}; pair faces by the overlap of their boxes`,
    );
  }
  images.annotated.forEach(([face], image) => {
    if (face !== undefined) matches[face] = images.predicted[image][0] ?? -1;
  });
  return { matches, unmatched: 0, protocol: { pairing: 'image' }, notes: images.notes };
}

function pairBoxes(annotated: LandmarkSet, predicted: LandmarkSet, images: ImageFaces, iou: number): PairedFaces {
  const given = annotated.boxesXywh !== undefined && predicted.boxesXywh !== undefined;
  const boxesOf = (set: LandmarkSet): Float64Array =>
    given && set.boxesXywh !== undefined ? set.boxesXywh : boxesAroundPoints(set);
  const faces = arrange(images.annotated, boxesOf(annotated));
  const found = arrange(images.predicted, boxesOf(predicted));
  const scores = Float64Array.from(found.index, (face) => predicted.scores?.[face] ?? 0);
  const ranked = rankDetections(scores, { first: found.start.subarray(0, -1), end: found.start.subarray(1) });
  const pairs = candidatePairs({ start: faces.start, boxesXywh: faces.boxesXywh }, found.boxesXywh, ranked, iou);
  const counted = new Uint8Array(annotated.faces).fill(1);
  const matched = matchDetections(pairs, { counted }, iou, new Int32Array(ranked.detection.length));
  const matches = new Int32Array(annotated.faces).fill(-1);
  matched.forEach((face, rank) => {
    if (face >= 0) matches[faces.index[face]] = found.index[ranked.detection[rank]];
  });
  return {
    matches,
    unmatched: matched.reduce((sum, face) => sum + (face < 0 ? 1 : 0), 0),
    protocol: { pairing: 'iou', iou, boxes: given ? 'given' : 'around the points' },
    notes: given
      ? images.notes
      : [
          ...images.notes,
          `${annotated.boxesXywh === undefined ? annotated.place : predicted.place} has no boxes: faces are matched by the boxes around their points`,
        ],
  };
}

/** Faces by image, flat. */
function arrange(groups: readonly (readonly number[])[], boxes: Float64Array) {
  const index = Int32Array.from(groups.flat());
  const start = new Int32Array(groups.length + 1);
  groups.forEach((faces, image) => {
    start[image + 1] = start[image] + faces.length;
  });
  const boxesXywh = new Float64Array(index.length * 4);
  index.forEach((face, at) => {
    boxesXywh.set(boxes.subarray(face * 4, face * 4 + 4), at * 4);
  });
  return { index, start, boxesXywh };
}
