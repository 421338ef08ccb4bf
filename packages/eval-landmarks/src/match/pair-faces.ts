import { DatasetError, ProtocolError } from '@retinabench/core';
import { candidatePairs, formatCount, matchDetections, rankDetections } from '@retinabench/results';
import type { LandmarkSet } from '../set/landmark-set.js';
import { boxesAroundPoints } from './boxes-around-points.js';
import { imageKeys } from './image-keys.js';

/**
 * How annotated and predicted faces are brought together. `row`: face i of the one is face i of the other. `image`: the one
 * face of an image. `iou`: by overlap of boxes within an image, as COCO does it.
 */
export type Pairing = 'row' | 'image' | 'iou';

/** Every pairing, for flags. */
export const pairings: readonly Pairing[] = ['row', 'image', 'iou'];

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
 * @param options without a pairing: `row` where a set names no images, `image` where every image has one face in both, else
 * `iou`.
 * @throws {DatasetError} if the sets do not have what the pairing needs: rows of other numbers, names, one face an image.
 * Cost: O(faces log faces).
 */
export function pairFaces(annotated: LandmarkSet, predicted: LandmarkSet, options: PairingOptions): PairedFaces {
  const { pairing = choosePairing(annotated, predicted), iou } = options;
  if (!(iou > 0 && iou <= 1)) throw new ProtocolError(`IoU: expected a number above 0 and at most 1, got ${iou}`);
  if (pairing === 'row') return pairRows(annotated, predicted);
  const images = groupByImage(annotated, predicted);
  return pairing === 'image' ? pairImages(annotated, predicted, images) : pairBoxes(annotated, predicted, images, iou);
}

function choosePairing(annotated: LandmarkSet, predicted: LandmarkSet): Pairing {
  if (annotated.images === undefined || predicted.images === undefined) return 'row';
  const single = ({ images = [] }: LandmarkSet): boolean => new Set(images).size === images.length;
  return single(annotated) && single(predicted) ? 'image' : 'iou';
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

/** The faces of each image of the annotation: key of the image to faces, in order. */
interface Images {
  readonly annotated: ReadonlyMap<string, readonly number[]>;
  readonly predicted: ReadonlyMap<string, readonly number[]>;
  readonly notes: readonly string[];
}

function groupByImage(annotated: LandmarkSet, predicted: LandmarkSet): Images {
  if (annotated.images === undefined || predicted.images === undefined) {
    const { place } = annotated.images === undefined ? annotated : predicted;
    throw new DatasetError(`${place}: expected faces with the names of their images, got rows; pair them by row`);
  }
  const named = [...annotated.images, ...(annotated.emptyImages ?? [])];
  const keys = imageKeys(named, predicted.images, predicted.place);
  const ofAnnotated = group(keys.annotated.slice(0, annotated.faces));
  for (const key of keys.annotated.slice(annotated.faces)) if (!ofAnnotated.has(key)) ofAnnotated.set(key, []);
  const ofPredicted = group(keys.predicted);
  const others = [...ofPredicted].filter(([key]) => !ofAnnotated.has(key));
  return {
    annotated: ofAnnotated,
    predicted: ofPredicted,
    notes: [
      ...(keys.by === 'path' ? [] : ['images are told by the names of their files, for no path agrees']),
      ...(others.length === 0
        ? []
        : [
            `${formatCount(others.reduce((sum, [, faces]) => sum + faces.length, 0))} predicted faces on ${formatCount(others.length)} images that are not annotated are left out`,
          ]),
    ],
  };
}

function group(keys: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  keys.forEach((key, face) => {
    const faces = groups.get(key) ?? [];
    groups.set(key, faces);
    faces.push(face);
  });
  return groups;
}

function pairImages(annotated: LandmarkSet, predicted: LandmarkSet, images: Images): PairedFaces {
  const matches = new Int32Array(annotated.faces).fill(-1);
  for (const [set, groups] of [
    [annotated, images.annotated],
    [predicted, images.predicted],
  ] as const) {
    const crowded = [...groups].find(([, faces]) => faces.length > 1);
    if (crowded === undefined) continue;
    throw new DatasetError(
      `${set.place}: ${crowded[0]}: expected one face of every image, got ${crowded[1].length}; pair faces by the overlap of their boxes`,
    );
  }
  for (const [key, [face]] of images.annotated) {
    if (face !== undefined) matches[face] = images.predicted.get(key)?.[0] ?? -1;
  }
  return { matches, unmatched: 0, protocol: { pairing: 'image' }, notes: images.notes };
}

function pairBoxes(annotated: LandmarkSet, predicted: LandmarkSet, images: Images, iou: number): PairedFaces {
  const given = annotated.boxesXywh !== undefined && predicted.boxesXywh !== undefined;
  const boxesOf = (set: LandmarkSet): Float64Array =>
    given && set.boxesXywh !== undefined ? set.boxesXywh : boxesAroundPoints(set);
  const order = [...images.annotated.keys()];
  const faces = arrange(order, images.annotated, boxesOf(annotated));
  const found = arrange(order, images.predicted, boxesOf(predicted));
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

/** Faces by image in a given order, flat. */
function arrange(order: readonly string[], groups: ReadonlyMap<string, readonly number[]>, boxes: Float64Array) {
  const index = Int32Array.from(order.flatMap((key) => groups.get(key) ?? []));
  const start = new Int32Array(order.length + 1);
  order.forEach((key, image) => {
    start[image + 1] = start[image] + (groups.get(key)?.length ?? 0);
  });
  const boxesXywh = new Float64Array(index.length * 4);
  index.forEach((face, at) => {
    boxesXywh.set(boxes.subarray(face * 4, face * 4 + 4), at * 4);
  });
  return { index, start, boxesXywh };
}
