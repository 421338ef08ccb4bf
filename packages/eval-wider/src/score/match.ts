import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { AlignedDetections } from '../predictions/align.js';
import { type BestFace, bestFaceFloat64, bestFaceInt32 } from './best-face.js';
import { orderFaces } from './face-order.js';
import type { ScoringProtocol } from './protocol.js';

const bestFaces: Readonly<Record<ScoringProtocol['overlap'], BestFace>> = {
  float64: bestFaceFloat64,
  int32: bestFaceInt32,
};

/**
 * Which face each detection goes to. It does not depend on which faces count, so one pass serves every split and every
 * bin of a breakdown.
 */
export interface Matches {
  /** Int32Array [detections]: the face, numbered as in the ground truth, or -1. */
  readonly face: Int32Array;
  /** Uint8Array [detections]: 1 for the first detection of the image that goes to its face. */
  readonly first: Uint8Array;
}

/**
 * Match detections to faces: each, in order, goes to its first arg-max IoU face if that IoU is at least 0.5.
 *
 * @param detections of the images of `groundTruth`, in the order in which they are matched.
 * Cost: O(faces log faces), and for each detection the faces near its left and upper edge; under `int32` those within the widest and
 * the tallest face of it.
 */
export function matchDetections(
  groundTruth: WiderGroundTruth,
  detections: AlignedDetections,
  overlap: ScoringProtocol['overlap'],
): Matches {
  const faces = faceCorners(groundTruth);
  const { start, boxesXywh } = detections;
  const bestFace = bestFaces[overlap];
  const face = new Int32Array(detections.scores.length);
  const first = new Uint8Array(detections.scores.length);
  const sorted = new Int32Array(faces.length / 5);
  const taken = new Uint8Array(groundTruth.boxesXywh.length / 4);
  for (let image = 0; image < groundTruth.images.length; image++) {
    const from = groundTruth.start[image];
    const to = groundTruth.start[image + 1];
    const order = to - from > fewFaces ? orderFaces(faces, from, to, sorted) : undefined;
    for (let detection = start[image], end = start[image + 1]; detection < end; detection++) {
      const best = bestFace(faces, from, to, order, boxesXywh, 4 * detection);
      face[detection] = best;
      if (best >= 0 && taken[best] === 0) {
        taken[best] = 1;
        first[detection] = 1;
      }
    }
  }
  return { face, first };
}

/** Images of at most this many faces compare every detection with every face. */
const fewFaces = 8;

/** Float64Array [faces, 5]: x1, y1, x2, y2 and the area with `+ 1` sides. */
function faceCorners({ boxesXywh }: WiderGroundTruth): Float64Array {
  const faces = boxesXywh.length / 4;
  const rows = new Float64Array(5 * faces);
  for (let face = 0; face < faces; face++) {
    const x1 = boxesXywh[4 * face];
    const y1 = boxesXywh[4 * face + 1];
    const x2 = x1 + boxesXywh[4 * face + 2];
    const y2 = y1 + boxesXywh[4 * face + 3];
    rows[5 * face] = x1;
    rows[5 * face + 1] = y1;
    rows[5 * face + 2] = x2;
    rows[5 * face + 3] = y2;
    rows[5 * face + 4] = (x2 - x1 + 1) * (y2 - y1 + 1);
  }
  return rows;
}
