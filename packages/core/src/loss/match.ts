import { ProtocolError, ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import { AnchorIndex } from './anchor-index.js';

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
   * code leaves faces below 0.2 unclaimed. Above 1: no face claims.
   */
  readonly claimIou: number;
  /**
   * Who takes over a face's best anchor that is positive already, for another face: a face that claims it (`claimants`), or
   * every face, whatever its IoU (`every-face`, the public code, whose faces without any overlap take over the first anchor).
   */
  readonly takeover: 'claimants' | 'every-face';
}

/** Names of the matching conventions in `matchPresets`. */
export type MatchPreset = 'paper' | 'mnet';

/**
 * `paper`: arXiv:1905.00641, section 4.2. `mnet`: the training code of the public MobileNet-0.25 checkpoints, for faces that
 * have an area.
 */
export const matchPresets: Readonly<Record<MatchPreset, MatchOptions>> = {
  paper: { positiveIou: 0.5, negativeIou: 0.3, equality: 'above', claimIou: 0, takeover: 'claimants' },
  mnet: { positiveIou: 0.35, negativeIou: 0.35, equality: 'at-least', claimIou: 0.2, takeover: 'every-face' },
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
 * later face has it, as in the public code; `takeover` says what becomes of faces that claim nothing. A face that is not
 * finite or has no area takes no part.
 *
 * @param anchors   [N, 4]: (cx, cy, w, h).
 * @param boxesXyxy [M, 4]: (x1, y1, x2, y2) of the faces, same unit.
 * @param out       receives the assignment.
 * @returns the number of positive anchors.
 * @throws {ShapeError} if the lengths do not fit one N and one M.
 * @throws {ProtocolError} if the thresholds are not 0 <= negative <= positive <= 1.
 * Cost: O(N + M) and the pairs of overlapping anchor and face of like size (see AnchorIndex); memory O(N + M).
 * IoU in float64 with continuous sides.
 * Source: arXiv:1905.00641, section 4.2; the claim is that of SSD (arXiv:1512.02325, section 2.2).
 */
export function match(anchors: FloatArray, boxesXyxy: FloatArray, options: MatchOptions, out: Matches): number {
  const { faceOfAnchor, bestIouOfFace } = out;
  assertMatchInput(anchors, boxesXyxy, options, out);
  const search = new BestPairs(anchors, boxesXyxy, bestIouOfFace);
  for (let face = 0; face < bestIouOfFace.length; face++) search.add(face, options.negativeIou);
  for (let anchor = 0; anchor < faceOfAnchor.length; anchor++) {
    faceOfAnchor[anchor] = assign(search.bestIouOfAnchor[anchor], search.bestFaceOfAnchor[anchor], options);
  }
  claimBest(out, search, options);
  return countPositives(faceOfAnchor);
}

/** The best face of each anchor and the best anchor of each face, of equals the first, among the pairs added so far. */
class BestPairs {
  readonly bestIouOfAnchor: Float64Array;
  readonly bestFaceOfAnchor: Int32Array;
  readonly bestAnchorOfFace: Int32Array;
  /** Uint8Array [M]: 1 for the faces that take part. */
  readonly hasArea: Uint8Array;
  readonly #index: AnchorIndex;

  readonly #anchors: FloatArray;
  readonly #boxesXyxy: FloatArray;
  readonly #bestIouOfFace: Float64Array;

  constructor(anchors: FloatArray, boxesXyxy: FloatArray, bestIouOfFace: Float64Array) {
    this.#anchors = anchors;
    this.#boxesXyxy = boxesXyxy;
    this.#bestIouOfFace = bestIouOfFace;
    this.bestIouOfAnchor = new Float64Array(anchors.length / 4);
    this.bestFaceOfAnchor = new Int32Array(anchors.length / 4).fill(-1);
    this.bestAnchorOfFace = new Int32Array(bestIouOfFace.length).fill(-1);
    this.hasArea = new Uint8Array(bestIouOfFace.length);
    this.#index = new AnchorIndex(anchors);
    bestIouOfFace.fill(0);
  }

  /**
   * Compare face `face` with the anchors that can reach `leastIou` with it, below which an anchor is background whatever
   * its face; and if none does, with the others too, as its claim does not ask for a threshold. Faces come in order.
   */
  add(face: number, leastIou: number): void {
    const area = areaOf(this.#boxesXyxy, face);
    if (!(area > 0)) return;
    this.hasArea[face] = 1;
    const visit = (run: Int32Array, from: number, to: number): void => this.#addRun(face, area, run, from, to);
    for (let size = 0; size < this.#index.sizeClasses; size++) {
      if (this.#index.highestIou(size, area) >= leastIou) this.#index.forEachRun(size, this.#boxesXyxy, face, visit);
    }
    // None of these makes an anchor more than background, so that the face's best one is all that is looked for.
    for (let size = this.#index.sizeClasses - 1; size >= 0 && this.#bestIouOfFace[face] < leastIou; size--) {
      const highestIou = this.#index.highestIou(size, area);
      if (highestIou >= leastIou || highestIou < this.#bestIouOfFace[face]) continue;
      this.#index.forEachDistinct(size, this.#boxesXyxy, face, visit);
    }
  }

  #addRun(face: number, area: number, run: Int32Array, from: number, to: number): void {
    const { bestIouOfAnchor } = this;
    const anchors = this.#anchors;
    const boxesXyxy = this.#boxesXyxy;
    const bestIouOfFace = this.#bestIouOfFace;
    const x1 = boxesXyxy[face * 4];
    const y1 = boxesXyxy[face * 4 + 1];
    const x2 = boxesXyxy[face * 4 + 2];
    const y2 = boxesXyxy[face * 4 + 3];
    for (let entry = from; entry < to; entry++) {
      const anchor = run[entry];
      const width = anchors[anchor * 4 + 2];
      const left = anchors[anchor * 4] - width / 2;
      const overlapWidth = Math.min(x2, left + width) - Math.max(x1, left);
      if (overlapWidth <= 0) continue;
      const height = anchors[anchor * 4 + 3];
      const top = anchors[anchor * 4 + 1] - height / 2;
      const overlapHeight = Math.min(y2, top + height) - Math.max(y1, top);
      if (overlapHeight <= 0) continue;
      const overlap = overlapWidth * overlapHeight;
      const iou = overlap / (width * height + area - overlap);
      if (iou > bestIouOfAnchor[anchor]) {
        bestIouOfAnchor[anchor] = iou;
        this.bestFaceOfAnchor[anchor] = face;
      }
      if (iou > bestIouOfFace[face] || (iou === bestIouOfFace[face] && anchor < this.bestAnchorOfFace[face])) {
        bestIouOfFace[face] = iou;
        this.bestAnchorOfFace[face] = anchor;
      }
    }
  }
}

function assign(iou: number, face: number, options: MatchOptions): number {
  const positive = options.equality === 'above' ? iou > options.positiveIou : iou >= options.positiveIou;
  if (positive && face >= 0) return face;
  return iou < options.negativeIou || face < 0 ? unmatched.background : unmatched.ignored;
}

function claimBest(
  { faceOfAnchor, bestIouOfFace }: Matches,
  { bestAnchorOfFace, hasArea }: BestPairs,
  { claimIou, takeover }: MatchOptions,
): void {
  for (let face = 0; face < bestAnchorOfFace.length; face++) {
    const anchor = bestAnchorOfFace[face];
    if (anchor >= 0 && bestIouOfFace[face] >= claimIou) faceOfAnchor[anchor] = face;
    else if (takeover === 'every-face' && hasArea[face]) {
      // torch.max over a face's row of zeros gives its first anchor.
      const best = Math.max(anchor, 0);
      if (faceOfAnchor[best] >= 0) faceOfAnchor[best] = face;
    }
  }
}

function countPositives(faceOfAnchor: Int32Array): number {
  let positives = 0;
  for (let anchor = 0; anchor < faceOfAnchor.length; anchor++) if (faceOfAnchor[anchor] >= 0) positives++;
  return positives;
}

/** Area of a face, 0 for one that is not finite or has no area. */
function areaOf(boxesXyxy: FloatArray, face: number): number {
  const width = boxesXyxy[face * 4 + 2] - boxesXyxy[face * 4];
  const height = boxesXyxy[face * 4 + 3] - boxesXyxy[face * 4 + 1];
  const area = width * height;
  return width > 0 && height > 0 && Number.isFinite(area) ? area : 0;
}

function assertMatchInput(anchors: FloatArray, boxesXyxy: FloatArray, options: MatchOptions, out: Matches): void {
  const { positiveIou, negativeIou, claimIou } = options;
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
  if (!(claimIou >= 0)) throw new ProtocolError(`match: claim IoU: expected a number of at least 0, got ${claimIou}`);
}
