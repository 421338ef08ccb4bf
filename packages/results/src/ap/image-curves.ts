import { DatasetError } from '@retinabench/core/basics';
import type { ImageResult } from '../record/record.js';
import type { Split } from '../record/split.js';
import { averagePrecision, thresholdCount } from './average-precision.js';
import { decodePointsInto } from './points.js';

/**
 * What each image adds to the curve of one split: a step function over the thresholds, as its steps. The curve of any
 * set of images, with repetitions, is the sum of theirs, so a bootstrap never matches again.
 */
export interface ImageCurves {
  /** Int32Array [images + 1]: the points of image i are start[i] .. start[i + 1] - 1. */
  readonly start: Int32Array;
  /** Uint16Array [points]: threshold 1..1000 at which the counts rise, ascending within an image. */
  readonly threshold: Uint16Array;
  /** Int32Array [points]: proposals added there. */
  readonly proposals: Int32Array;
  /** Int32Array [points]: true positives added there. */
  readonly truePositives: Int32Array;
  /** Int32Array [images]: counted faces. */
  readonly faces: Int32Array;
}

/**
 * The curves of one split from the images of a record.
 *
 * @param order indices into `images`, for two records that list the same images differently; default: as they come.
 * @throws {DatasetError} if an image's points are malformed or go past threshold 1000.
 */
export function curvesOfImages(
  images: readonly ImageResult[],
  split: Split,
  order: ArrayLike<number> = images.map((_, index) => index),
): ImageCurves {
  let characters = 0;
  for (let image = 0; image < order.length; image++) characters += images[order[image]].points[split].length;
  const triples = new Int32Array(characters);
  const start = new Int32Array(order.length + 1);
  for (let image = 0, at = 0; image < order.length; image++) {
    const { name, points } = images[order[image]];
    at = decodePointsInto(points[split], triples, at, () => `images.${name}.points.${split}`);
    start[image + 1] = at / 3;
  }
  const count = start[order.length];
  const thresholds = new Uint16Array(count);
  const proposals = new Int32Array(count);
  const truePositives = new Int32Array(count);
  const faces = new Int32Array(order.length);
  for (let image = 0, point = 0, at = 0; image < order.length; image++) {
    faces[image] = images[order[image]].faces[split];
    let threshold = 0;
    for (const end = start[image + 1]; point < end; point++) {
      threshold += triples[at++];
      if (threshold < 1 || threshold > thresholdCount) {
        throw new DatasetError(
          `images.${images[order[image]].name}.points.${split}: expected thresholds 1 to ${thresholdCount}, got ${threshold}; the record was edited: make it again`,
        );
      }
      thresholds[point] = threshold;
      proposals[point] = triples[at++];
      truePositives[point] = triples[at++];
    }
  }
  return { start, threshold: thresholds, proposals, truePositives, faces };
}

/** The cumulative curve of a set of images. */
export interface Curve {
  /** Float64Array [1000]: proposals at thresholds 1..1000. */
  readonly proposals: Float64Array;
  /** Float64Array [1000]: true positives at the same thresholds. */
  readonly truePositives: Float64Array;
  /** Counted faces. */
  readonly faces: number;
}

/**
 * Add up the curves of images.
 *
 * @param counts how often each image is taken; default: once.
 * @param out    receives the curve; a new one by default.
 * Cost: O(points + 1000); with `out`, allocates only the result object.
 */
export function sumCurves(
  curves: ImageCurves,
  counts?: ArrayLike<number>,
  out: Pick<Curve, 'proposals' | 'truePositives'> = {
    proposals: new Float64Array(thresholdCount),
    truePositives: new Float64Array(thresholdCount),
  },
): Curve {
  const { proposals, truePositives } = out;
  proposals.fill(0);
  truePositives.fill(0);
  let faces = 0;
  for (let image = 0; image < curves.faces.length; image++) {
    const times = counts === undefined ? 1 : counts[image];
    if (times === 0) continue;
    faces += times * curves.faces[image];
    addImage(curves, image, times, proposals, truePositives);
  }
  return accumulate(proposals, truePositives, faces);
}

/**
 * Add up the curves of some images, without a look at the others.
 *
 * @param images which, each once.
 * @returns as sumCurves. Cost: O(their points + 1000).
 */
export function sumCurvesOf(curves: ImageCurves, images: readonly number[]): Curve {
  const proposals = new Float64Array(thresholdCount);
  const truePositives = new Float64Array(thresholdCount);
  let faces = 0;
  for (const image of images) {
    faces += curves.faces[image];
    addImage(curves, image, 1, proposals, truePositives);
  }
  return accumulate(proposals, truePositives, faces);
}

/** Add the points of one image where they stand. */
function addImage(
  { start, threshold, proposals, truePositives }: ImageCurves,
  image: number,
  times: number,
  proposalsAt: Float64Array,
  truePositivesAt: Float64Array,
): void {
  for (let point = start[image], end = start[image + 1]; point < end; point++) {
    const at = threshold[point] - 1;
    proposalsAt[at] += times * proposals[point];
    truePositivesAt[at] += times * truePositives[point];
  }
}

/** From what is added at each threshold to what there is up to it. */
function accumulate(proposals: Float64Array, truePositives: Float64Array, faces: number): Curve {
  for (let at = 1; at < thresholdCount; at++) {
    proposals[at] += proposals[at - 1];
    truePositives[at] += truePositives[at - 1];
  }
  return { proposals, truePositives, faces };
}

/** AP of a curve, or undefined where no face is counted and so AP does not exist. */
export function apOfCurve(curve: Curve): number | undefined {
  return curve.faces > 0 ? averagePrecision(curve.proposals, curve.truePositives, curve.faces) : undefined;
}
