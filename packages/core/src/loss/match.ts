import { ProtocolError, ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import { buildFaceGrid } from './face-grid.js';

/** When an anchor answers for a face. */
export interface MatchOptions {
  /** An anchor is positive where its best IoU is above this, or equal to it under `at-least`. */
  readonly positiveIou: number;
  /** An anchor is background where its best IoU is below this; in between it is ignored. */
  readonly negativeIou: number;
  /** Which side of the positive threshold equality falls on. */
  readonly equality: 'above' | 'at-least';
  /**
   * A face claims its best anchor, whatever the thresholds, where their IoU is at least this and above 0. The public
   * code leaves faces below 0.2 unclaimed.
   */
  readonly claimIou: number;
}

/** Names of the matching conventions in `matchPresets`. */
export type MatchPreset = 'paper' | 'mnet';

/** `paper`: arXiv:1905.00641, section 4.2. `mnet`: the training code of the public MobileNet-0.25 checkpoints. */
export const matchPresets: Readonly<Record<MatchPreset, MatchOptions>> = {
  paper: { positiveIou: 0.5, negativeIou: 0.3, equality: 'above', claimIou: 0 },
  mnet: { positiveIou: 0.35, negativeIou: 0.35, equality: 'at-least', claimIou: 0.2 },
};

/** What `match` writes for an anchor that answers for no face. */
export const unmatched = { background: -1, ignored: -2 } as const;

/** Where match writes. */
export interface Matches {
  /** Int32Array [N]: per anchor the index of its face, or a value of `unmatched`. */
  readonly faceOfAnchor: Int32Array;
  /** Float64Array [M]: per face the IoU with its best anchor, 0 if it overlaps none. */
  readonly bestIouOfFace: Float64Array;
}

/**
 * Assign anchors to faces.
 *
 * Each anchor belongs to the face that it overlaps best, of equals the first; thresholds decide whether it is positive,
 * background or ignored. Then each face claims its best anchor, of equals the first; where two faces claim one anchor the
 * later face has it, as in the public code. A face that is not finite or has no area takes no part.
 *
 * @param anchors   [N, 4]: (cx, cy, w, h).
 * @param boxesXyxy [M, 4]: (x1, y1, x2, y2) of the faces, same unit.
 * @param out       receives the assignment.
 * @returns the number of positive anchors.
 * @throws {ShapeError} if the lengths do not fit one N and one M.
 * @throws {ProtocolError} if the thresholds are not 0 <= negative <= positive <= 1.
 * Cost: O(N + M) and the pairs that share a cell of a grid over the faces (see FaceGrid); memory O(N + 1,024 M), never N x M.
 * IoU in float64 with continuous sides.
 * Source: arXiv:1905.00641, section 4.2; the claim is that of SSD (arXiv:1512.02325, section 2.2).
 */
export function match(anchors: FloatArray, boxesXyxy: FloatArray, options: MatchOptions, out: Matches): number {
  const { faceOfAnchor, bestIouOfFace } = out;
  assertMatchInput(anchors, boxesXyxy, options, out);
  bestIouOfFace.fill(0);
  const bestAnchorOfFace = new Int32Array(bestIouOfFace.length).fill(-1);
  const areas = faceAreas(boxesXyxy);
  const grid = buildFaceGrid(boxesXyxy, (face) => areas[face] > 0);
  const range = new Int32Array(4);
  for (let anchor = 0; anchor < faceOfAnchor.length; anchor++) {
    const at = anchor * 4;
    const width = anchors[at + 2];
    const height = anchors[at + 3];
    const x1 = anchors[at] - width / 2;
    const y1 = anchors[at + 1] - height / 2;
    const x2 = x1 + width;
    const y2 = y1 + height;
    let bestIou = 0;
    let bestFace = -1;
    grid.cellsOf(x1, y1, x2, y2, range);
    for (let row = range[2]; row <= range[3]; row++) {
      const first = row * grid.cellsPerSide;
      const end = grid.starts[first + range[1] + 1];
      // The cells of a row are neighbours in the lists too.
      for (let entry = grid.starts[first + range[0]]; entry < end; entry++) {
        const face = grid.faces[entry];
        const overlapWidth = Math.min(x2, boxesXyxy[face * 4 + 2]) - Math.max(x1, boxesXyxy[face * 4]);
        if (overlapWidth <= 0) continue;
        const overlapHeight = Math.min(y2, boxesXyxy[face * 4 + 3]) - Math.max(y1, boxesXyxy[face * 4 + 1]);
        if (overlapHeight <= 0) continue;
        const overlap = overlapWidth * overlapHeight;
        const iou = overlap / (width * height + areas[face] - overlap);
        if (iou > bestIou || (iou === bestIou && face < bestFace)) {
          bestIou = iou;
          bestFace = face;
        }
        if (iou > bestIouOfFace[face]) {
          bestIouOfFace[face] = iou;
          bestAnchorOfFace[face] = anchor;
        }
      }
    }
    faceOfAnchor[anchor] = assign(bestIou, bestFace, options);
  }
  claimBest(out, bestAnchorOfFace, options.claimIou);
  return countPositives(faceOfAnchor);
}

function assign(iou: number, face: number, options: MatchOptions): number {
  const positive = options.equality === 'above' ? iou > options.positiveIou : iou >= options.positiveIou;
  if (positive && face >= 0) return face;
  return iou < options.negativeIou || face < 0 ? unmatched.background : unmatched.ignored;
}

function claimBest({ faceOfAnchor, bestIouOfFace }: Matches, bestAnchorOfFace: Int32Array, claimIou: number): void {
  for (let face = 0; face < bestAnchorOfFace.length; face++) {
    if (bestAnchorOfFace[face] >= 0 && bestIouOfFace[face] >= claimIou) faceOfAnchor[bestAnchorOfFace[face]] = face;
  }
}

function countPositives(faceOfAnchor: Int32Array): number {
  let positives = 0;
  for (let anchor = 0; anchor < faceOfAnchor.length; anchor++) if (faceOfAnchor[anchor] >= 0) positives++;
  return positives;
}

/** Areas of the faces, 0 for one that is not finite or has no area. */
function faceAreas(boxesXyxy: FloatArray): Float64Array {
  const areas = new Float64Array(boxesXyxy.length / 4);
  for (let face = 0; face < areas.length; face++) {
    const width = boxesXyxy[face * 4 + 2] - boxesXyxy[face * 4];
    const height = boxesXyxy[face * 4 + 3] - boxesXyxy[face * 4 + 1];
    const area = width * height;
    areas[face] = width > 0 && height > 0 && Number.isFinite(area) ? area : 0;
  }
  return areas;
}

function assertMatchInput(anchors: FloatArray, boxesXyxy: FloatArray, options: MatchOptions, out: Matches): void {
  const { positiveIou, negativeIou } = options;
  if (anchors.length !== out.faceOfAnchor.length * 4 || boxesXyxy.length !== out.bestIouOfFace.length * 4) {
    throw new ShapeError(
      `match: expected anchors [N, 4] and faceOfAnchor [N], faces [M, 4] and bestIouOfFace [M], got lengths ${anchors.length} and ${out.faceOfAnchor.length}, ${boxesXyxy.length} and ${out.bestIouOfFace.length}`,
    );
  }
  if (!(negativeIou >= 0 && negativeIou <= positiveIou && positiveIou <= 1)) {
    throw new ProtocolError(
      `match: expected 0 <= negative IoU <= positive IoU <= 1, got negative ${negativeIou} and positive ${positiveIou}`,
    );
  }
}
