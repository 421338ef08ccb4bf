import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { AlignedDetections } from '../predictions/align.js';
import { type BestFace, bestFaceFloat64, bestFaceInt32 } from './best-face.js';
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
 * Cost: O(detections x faces) within each image; one IoU each.
 */
export function matchDetections(
  groundTruth: WiderGroundTruth,
  detections: AlignedDetections,
  overlap: ScoringProtocol['overlap'],
): Matches {
  const faces = faceCorners(groundTruth);
  const bestFace = bestFaces[overlap];
  const face = new Int32Array(detections.scores.length);
  const first = new Uint8Array(detections.scores.length);
  const taken = new Uint8Array(groundTruth.boxesXywh.length / 4);
  for (let image = 0; image < groundTruth.images.length; image++) {
    const from = groundTruth.start[image];
    const to = groundTruth.start[image + 1];
    for (let detection = detections.start[image]; detection < detections.start[image + 1]; detection++) {
      const best = bestFace(faces, from, to, detections.boxesXywh, 4 * detection);
      face[detection] = best;
      if (best >= 0 && taken[best] === 0) {
        taken[best] = 1;
        first[detection] = 1;
      }
    }
  }
  return { face, first };
}

/** Float64Array [faces, 5]: x1, y1, x2, y2 and the area with `+ 1` sides. */
function faceCorners({ boxesXywh }: WiderGroundTruth): Float64Array {
  const faces = boxesXywh.length / 4;
  const rows = new Float64Array(5 * faces);
  for (let face = 0; face < faces; face++) {
    const [x1, y1, w, h] = boxesXywh.subarray(4 * face, 4 * face + 4);
    const x2 = x1 + w;
    const y2 = y1 + h;
    rows.set([x1, y1, x2, y2, (x2 - x1 + 1) * (y2 - y1 + 1)], 5 * face);
  }
  return rows;
}
