import { encodeBox } from '../box/encode.js';
import { ShapeError } from '../errors.js';
import { encodeLandmark } from '../landmark/encode.js';
import { hasLandmarks } from '../landmark/has-landmarks.js';
import type { FloatArray } from '../mesh/float-array.js';
import { assertAnnotations, assertHeads, type FaceAnnotations, type HeadOutputs } from './heads.js';
import { addLandmarkRow } from './landmark-row.js';
import { type Matches, match } from './match.js';
import { mineHardNegatives } from './mine.js';
import type { MultiTaskOptions } from './multi-task-options.js';
import { addSmoothL1Row, assertBeta } from './smooth-l1.js';
import { addSoftmaxCrossEntropy } from './softmax.js';

/** Dense regression loss of one positive anchor (equation 3). */
export interface PixelTerm {
  readonly value: number;
  /** Gradient with respect to whatever the anchor's mesh, camera and light come from. */
  readonly gradient: FloatArray;
}

/**
 * Gives the pixel term of positive anchor `anchor` of image `image`, whose face is `face`; undefined where it has none.
 * multiTaskLoss multiplies the gradient in place by the term's weight over the number of positives, which makes it that
 * of the total.
 */
export type PixelTermOf = (image: number, anchor: number, face: number) => PixelTerm | undefined;

/** The loss by term. The terms are normalised but not weighted; `total` is their weighted sum. */
export interface MultiTaskLoss {
  readonly total: number;
  readonly classification: number;
  readonly box: number;
  readonly landmark: number;
  readonly pixel: number;
  readonly positives: number;
  /** Positives whose face has annotated landmarks. */
  readonly annotatedPositives: number;
  /** Mined background anchors. */
  readonly negatives: number;
  /** Per image, the assignment on which the loss rests. */
  readonly matches: readonly Matches[];
}

/**
 * The multi-task loss of a batch and its gradient:
 *
 *     L = w_cls L_cls + w_box L_box + w_pts L_pts + w_pixel L_pixel
 *
 * L_cls is softmax cross-entropy over the positives and the mined negatives, L_box and L_pts are smooth-L1 over the
 * coordinates of the positives; each is summed over the batch and divided by the positives in it, at least 1. Matching
 * and mining are per image, and constants to the gradient.
 *
 * @param outputs     of the network for B images.
 * @param anchors     [N, 4]: (cx, cy, w, h) in network-input pixels.
 * @param faces       B annotations. A face without area takes no part, nor does a landmark that is NaN.
 * @param gradients   as `outputs`: overwritten with the gradient of the total; absent: values only.
 * @param pixelTermOf plugs in the dense regression loss.
 * @throws {ShapeError} if the lengths do not fit one B and one N.
 * @throws {ProtocolError} if a setting is out of range.
 * Cost: O(B N) beside matching, memory O(B N). Sums in float64. Non-finite outputs give a non-finite loss.
 * Source: arXiv:1905.00641, equation 1.
 */
export function multiTaskLoss(
  outputs: HeadOutputs,
  anchors: FloatArray,
  faces: readonly FaceAnnotations[],
  options: MultiTaskOptions,
  gradients?: HeadOutputs,
  pixelTermOf?: PixelTermOf,
): MultiTaskLoss {
  const count = anchors.length / 4;
  assertHeads('multiTaskLoss: outputs', outputs, faces.length, count);
  assertAnnotations('multiTaskLoss', faces);
  if (gradients !== undefined) prepareGradients(gradients, outputs, faces.length, count);
  assertBeta(options.beta);

  const matches = faces.map(({ boxesXyxy }) => {
    const out = { faceOfAnchor: new Int32Array(count), bestIouOfFace: new Float64Array(boxesXyxy.length / 4) };
    match(anchors, boxesXyxy, options.match, out);
    return out;
  });
  const { positives, annotated } = countPositives(matches, faces);
  const annotatedPositives = outputs.landmarks === undefined ? 0 : annotated;
  const divisor = Math.max(positives, 1);
  const landmarkDivisor = options.landmarkDivisor === 'positives' ? divisor : Math.max(annotatedPositives, 1);
  const { weights } = options;
  const scales: Scales = {
    classification: weights.classification / divisor,
    box: weights.box / divisor,
    landmark: weights.landmark / landmarkDivisor,
    pixel: weights.pixel / divisor,
  };

  const sums = { classification: 0, box: 0, landmark: 0, pixel: 0 };
  let negatives = 0;
  for (let image = 0; image < faces.length; image++) {
    const job = { image, outputs, anchors, faces: faces[image], matches: matches[image], options, scales, gradients };
    addPositives(job, pixelTermOf, sums);
    negatives += addNegatives(job, sums);
  }
  const classification = sums.classification / divisor;
  const box = sums.box / divisor;
  const landmark = sums.landmark / landmarkDivisor;
  const pixel = sums.pixel / divisor;
  const total =
    weights.classification * classification + weights.box * box + weights.landmark * landmark + weights.pixel * pixel;
  return { total, classification, box, landmark, pixel, positives, annotatedPositives, negatives, matches };
}

/** Factors of the gradients: weight over divisor. */
type Scales = Record<'classification' | 'box' | 'landmark' | 'pixel', number>;

/** One image of the batch. */
interface ImageJob {
  readonly image: number;
  readonly outputs: HeadOutputs;
  readonly anchors: FloatArray;
  readonly faces: FaceAnnotations;
  readonly matches: Matches;
  readonly options: MultiTaskOptions;
  readonly scales: Scales;
  readonly gradients: HeadOutputs | undefined;
}

function addPositives(job: ImageJob, pixelTermOf: PixelTermOf | undefined, sums: Scales): void {
  const { outputs, anchors, faces, gradients, scales } = job;
  const { beta, variances } = job.options;
  const { faceOfAnchor } = job.matches;
  const boxTarget = new Float64Array(4);
  const landmarkTarget = new Float64Array(10);
  for (let anchor = 0; anchor < faceOfAnchor.length; anchor++) {
    const face = faceOfAnchor[anchor];
    if (face < 0) continue;
    const row = job.image * faceOfAnchor.length + anchor;
    sums.classification += addSoftmaxCrossEntropy(outputs.logits, row, 1, scales.classification, gradients?.logits);
    encodeBox(faces.boxesXyxy, face, anchors, anchor, variances, boxTarget, 0);
    sums.box += addSmoothL1Row(outputs.boxes, row, boxTarget, 0, 4, beta, scales.box, gradients?.boxes);
    if (outputs.landmarks !== undefined && faces.landmarks !== undefined && hasLandmarks(faces.landmarks, face)) {
      encodeLandmark(faces.landmarks, face, anchors, anchor, variances, landmarkTarget, 0);
      const gradient = gradients?.landmarks;
      sums.landmark += addLandmarkRow(outputs.landmarks, row, landmarkTarget, beta, scales.landmark, gradient);
    }
    const term = pixelTermOf?.(job.image, anchor, face);
    if (term === undefined) continue;
    sums.pixel += term.value;
    for (let k = 0; k < term.gradient.length; k++) term.gradient[k] *= scales.pixel;
  }
}

/** @returns the number of mined anchors. */
function addNegatives({ image, outputs, matches, options, scales, gradients }: ImageJob, sums: Scales): number {
  const { faceOfAnchor } = matches;
  const count = faceOfAnchor.length;
  const mined = new Int32Array(count);
  const logits = outputs.logits.subarray(image * count * 2, (image + 1) * count * 2);
  const negatives = mineHardNegatives(logits, faceOfAnchor, options.mining, mined);
  for (let index = 0; index < negatives; index++) {
    const row = image * count + mined[index];
    sums.classification += addSoftmaxCrossEntropy(outputs.logits, row, 0, scales.classification, gradients?.logits);
  }
  return negatives;
}

function countPositives(
  matches: readonly Matches[],
  faces: readonly FaceAnnotations[],
): { positives: number; annotated: number } {
  let positives = 0;
  let annotated = 0;
  matches.forEach(({ faceOfAnchor }, image) => {
    const { landmarks } = faces[image];
    for (const face of faceOfAnchor) {
      if (face < 0) continue;
      positives++;
      if (landmarks !== undefined && hasLandmarks(landmarks, face)) annotated++;
    }
  });
  return { positives, annotated };
}

function prepareGradients(gradients: HeadOutputs, outputs: HeadOutputs, images: number, anchors: number): void {
  assertHeads('multiTaskLoss: gradients', gradients, images, anchors);
  if ((gradients.landmarks === undefined) !== (outputs.landmarks === undefined)) {
    throw new ShapeError('multiTaskLoss: gradients: expected landmarks exactly if the outputs have them');
  }
  gradients.logits.fill(0);
  gradients.boxes.fill(0);
  gradients.landmarks?.fill(0);
}
