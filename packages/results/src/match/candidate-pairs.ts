import { ProtocolError } from '@retinabench/core/basics';
import type { RankedDetections } from './rank-detections.js';

/** Annotated faces of a set of images: face f belongs to the image i with start[i] <= f < start[i + 1]. */
export interface FaceBoxes {
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [faces, 4]: (x, y, w, h), pixels, no `+ 1`. */
  readonly boxesXywh: Float64Array;
  /** Uint8Array [faces]: 1 where overlap is the share of the detection that lies in the face; absent: nowhere. */
  readonly crowd?: Uint8Array;
}

/** Pairs of a detection and a face that overlap enough. */
export interface CandidatePairs {
  /** Int32Array [detections + 1]: the pairs of the detection at rank r are start[r] .. start[r + 1] - 1. */
  readonly start: Int32Array;
  /** Int32Array [pairs]: faces, in no order. */
  readonly face: Int32Array;
  /** Float64Array [pairs]: IoU, or intersection / area of the detection with a crowd. */
  readonly overlap: Float64Array;
  /** Overlaps that were computed. */
  readonly computed: number;
}

/** Images of at most this many faces compare every detection with every face. */
const fewFaces = 8;

/** Room for rounding where faces are skipped by their corner alone; the overlap itself decides. */
const slack = 1e-6;

/**
 * All pairs of a detection and a face of one image whose overlap reaches a minimum, as COCO computes it: on continuous
 * coordinates, intersection / union, or intersection / area of the detection where the face is a crowd. Boxes without area
 * overlap with nothing.
 *
 * An IoU of t needs an overlap of t times the wider width, so that only faces whose left edge lies within
 * [x - (1 - t) w / t, x + (1 - t) w] of a detection's can reach it: faces are sorted by it.
 *
 * @param boxesXywh [*, 4] of the detections that `ranked` orders.
 * @param minimum   above 0, at most 1: the lowest threshold that will be asked for.
 * @param addedPx   added to every width and height: 1 for the pixel convention of VOC and WIDER FACE.
 * @throws {ProtocolError} if the minimum is not.
 * Cost: O(faces log faces) and one overlap for each face near a detection; memory 12 bytes a pair.
 */
export function candidatePairs(
  faces: FaceBoxes,
  boxesXywh: Float64Array,
  ranked: Pick<RankedDetections, 'detection' | 'start' | 'byImage'>,
  minimum: number,
  addedPx: 0 | 1 = 0,
): CandidatePairs {
  if (!(minimum > 0 && minimum <= 1)) {
    throw new ProtocolError(`overlap: expected a minimum above 0 and at most 1, got ${minimum}`);
  }
  // By place in `byImage` first, as images are gone through; by rank at the end.
  const found = new Pairs(ranked.byImage.length);
  const search = new FaceSearch(faces, minimum, addedPx, found);
  for (let image = 0; image + 1 < ranked.start.length; image++) {
    search.enter(faces.start[image], faces.start[image + 1]);
    for (let at = ranked.start[image]; at < ranked.start[image + 1]; at++) {
      found.begin(at);
      search.find(boxesXywh, 4 * ranked.detection[ranked.byImage[at]]);
    }
  }
  return found.byRank(ranked.byImage, search.computed);
}

/** Pairs as they are found, in arrays that grow. */
class Pairs {
  readonly #start: Int32Array;
  #face = new Int32Array(1024);
  #overlap = new Float64Array(1024);
  #count = 0;

  constructor(places: number) {
    this.#start = new Int32Array(places + 1);
  }

  /** The pairs that follow belong to this place. */
  begin(place: number): void {
    this.#start[place] = this.#count;
  }

  add(face: number, overlap: number): void {
    if (this.#count === this.#face.length) {
      const [before, beforeOverlap] = [this.#face, this.#overlap];
      this.#face = new Int32Array(2 * before.length);
      this.#face.set(before);
      this.#overlap = new Float64Array(2 * before.length);
      this.#overlap.set(beforeOverlap);
    }
    this.#face[this.#count] = face;
    this.#overlap[this.#count++] = overlap;
  }

  /** @param rankOf the rank of each place. */
  byRank(rankOf: Int32Array, computed: number): CandidatePairs {
    const places = rankOf.length;
    this.#start[places] = this.#count;
    const start = new Int32Array(places + 1);
    for (let place = 0; place < places; place++) start[rankOf[place] + 1] = this.#start[place + 1] - this.#start[place];
    for (let rank = 0; rank < places; rank++) start[rank + 1] += start[rank];
    const face = new Int32Array(this.#count);
    const overlap = new Float64Array(this.#count);
    for (let place = 0; place < places; place++) {
      let to = start[rankOf[place]];
      for (let from = this.#start[place]; from < this.#start[place + 1]; from++) {
        face[to] = this.#face[from];
        overlap[to++] = this.#overlap[from];
      }
    }
    return { start, face, overlap, computed };
  }
}

/** The faces of one image, by left edge where they are many; crowds apart, since their width bounds nothing. */
class FaceSearch {
  /** Overlaps computed so far. */
  computed = 0;
  readonly #boxes: Float64Array;
  readonly #crowd: Uint8Array | undefined;
  readonly #minimum: number;
  readonly #addedPx: number;
  readonly #found: Pairs;
  #sorted = new Int32Array(0);
  #crowds = new Int32Array(0);
  #widestCrowd = 0;
  #isSorted = false;

  constructor({ boxesXywh, crowd }: FaceBoxes, minimum: number, addedPx: number, found: Pairs) {
    this.#boxes = boxesXywh;
    this.#crowd = crowd;
    this.#minimum = minimum;
    this.#addedPx = addedPx;
    this.#found = found;
  }

  /** Search faces from .. to - 1 from now on. */
  enter(from: number, to: number): void {
    this.#sorted = new Int32Array(to - from);
    for (let face = from; face < to; face++) this.#sorted[face - from] = face;
    this.#crowds = this.#sorted.subarray(0, 0);
    this.#isSorted = to - from > fewFaces;
    if (!this.#isSorted) return;
    const crowd = this.#crowd;
    if (crowd !== undefined) {
      this.#crowds = this.#sorted.filter((face) => crowd[face] === 1);
      this.#sorted = this.#sorted.filter((face) => crowd[face] !== 1);
    }
    const byLeftEdge = (a: number, b: number): number => this.#boxes[4 * a] - this.#boxes[4 * b];
    this.#sorted.sort(byLeftEdge);
    this.#crowds.sort(byLeftEdge);
    this.#widestCrowd =
      this.#crowds.reduce((widest, face) => Math.max(widest, this.#boxes[4 * face + 2]), 0) + this.#addedPx;
  }

  /** Add the pairs of the detection whose box stands at `at`. */
  find(boxesXywh: Float64Array, at: number): void {
    const left = boxesXywh[at];
    const width = boxesXywh[at + 2] + this.#addedPx;
    if (!this.#isSorted) {
      this.#scan(this.#sorted, boxesXywh, at, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      return;
    }
    const room = slack * (Math.abs(left) + width);
    const ahead = left + (1 - this.#minimum) * width + room;
    const behind = left - ((1 - this.#minimum) * width) / this.#minimum - room;
    this.#scan(this.#sorted, boxesXywh, at, behind, ahead);
    if (this.#crowds.length === 0) return;
    this.#scan(
      this.#crowds,
      boxesXywh,
      at,
      left + this.#minimum * width - this.#widestCrowd * (1 + slack) - room,
      ahead,
    );
  }

  /** Compare with the faces of a list whose left edges lie in [low, high]. */
  #scan(list: Int32Array, boxesXywh: Float64Array, at: number, low: number, high: number): void {
    const boxes = this.#boxes;
    const x1 = boxesXywh[at];
    const y1 = boxesXywh[at + 1];
    const w = boxesXywh[at + 2] + this.#addedPx;
    const h = boxesXywh[at + 3] + this.#addedPx;
    const x2 = x1 + w;
    const y2 = y1 + h;
    let index = this.#isSorted ? this.#firstFrom(list, low) : 0;
    for (; index < list.length; index++) {
      const face = list[index];
      const faceX = boxes[4 * face];
      if (faceX > high) break;
      this.computed++;
      const faceW = boxes[4 * face + 2] + this.#addedPx;
      const overlapW = Math.min(x2, faceX + faceW) - Math.max(x1, faceX);
      if (!(overlapW > 0)) continue;
      const faceY = boxes[4 * face + 1];
      const faceH = boxes[4 * face + 3] + this.#addedPx;
      const overlapH = Math.min(y2, faceY + faceH) - Math.max(y1, faceY);
      if (!(overlapH > 0)) continue;
      const intersection = overlapW * overlapH;
      const overlap = intersection / (this.#crowd?.[face] === 1 ? w * h : w * h + faceW * faceH - intersection);
      if (overlap >= this.#minimum) this.#found.add(face, overlap);
    }
  }

  /** The first place of a sorted list whose left edge is at least `low`. */
  #firstFrom(list: Int32Array, low: number): number {
    let from = 0;
    let to = list.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#boxes[4 * list[middle]] < low) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
