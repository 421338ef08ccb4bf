import * as tf from '@tensorflow/tfjs-core';
import {
  encodeBox,
  encodeLandmark,
  type FaceAnnotations,
  type HeadOutputs,
  type MultiTaskLoss,
  type MultiTaskOptions,
  mineHardNegatives,
} from '../../src/index.js';
import { hasLandmarks } from '../../src/landmark/has-landmarks.js';

/** Labels and targets of one batch as dense tensors, which is what the plain expression needs. */
export interface DenseTargets {
  /** [B x N] 1 for a positive, 0 elsewhere. */
  readonly positive: tf.Tensor1D;
  /** [B x N] 1 for a positive or a mined negative. */
  readonly counted: tf.Tensor1D;
  /** [B x N] 1 for a positive whose face has landmarks. */
  readonly annotated: tf.Tensor1D;
  /** [B x N, 4] and [B x N, 10]. */
  readonly boxes: tf.Tensor2D;
  readonly landmarks: tf.Tensor2D;
}

/** The targets that the assignment of `loss` gives. */
export function denseTargets(
  outputs: Required<HeadOutputs>,
  anchors: Float32Array,
  faces: readonly Required<FaceAnnotations>[],
  options: MultiTaskOptions,
  loss: MultiTaskLoss,
): DenseTargets {
  const count = anchors.length / 4;
  const rows = count * faces.length;
  const [positive, counted, annotated] = [new Float32Array(rows), new Float32Array(rows), new Float32Array(rows)];
  const boxes = new Float32Array(rows * 4);
  const landmarks = new Float32Array(rows * 10);
  loss.matches.forEach(({ faceOfAnchor }, image) => {
    const mined = new Int32Array(count);
    const logits = outputs.logits.subarray(image * count * 2, (image + 1) * count * 2);
    const negatives = mineHardNegatives(logits, faceOfAnchor, options.mining, mined);
    for (const anchor of mined.subarray(0, negatives)) counted[image * count + anchor] = 1;
    faceOfAnchor.forEach((face, anchor) => {
      if (face < 0) return;
      const row = image * count + anchor;
      positive[row] = 1;
      counted[row] = 1;
      encodeBox(faces[image].boxesXyxy, face, anchors, anchor, options.variances, boxes, row);
      if (!hasLandmarks(faces[image].landmarks, face)) return;
      annotated[row] = 1;
      encodeLandmark(faces[image].landmarks, face, anchors, anchor, options.variances, landmarks, row);
    });
  });
  return {
    positive: tf.tensor1d(positive),
    counted: tf.tensor1d(counted),
    annotated: tf.tensor1d(annotated),
    boxes: tf.tensor2d(boxes, [rows, 4]),
    landmarks: tf.tensor2d(landmarks, [rows, 10]),
  };
}

/** The multi-task loss as one would write it in TensorFlow.js, for its autodiff. */
export function tfjsLoss(
  logits: tf.Tensor2D,
  boxes: tf.Tensor2D,
  landmarks: tf.Tensor2D,
  targets: DenseTargets,
  { weights, beta, landmarkDivisor }: MultiTaskOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const smoothL1 = (predicted: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor => {
      // 0.5 q^2 / beta + (|d| - q) with q = min(|d|, beta): the two branches without a comparison, which has no gradient.
      const magnitude = tf.abs(tf.sub(predicted, target));
      const near = tf.minimum(magnitude, beta);
      return tf.sum(tf.add(tf.div(tf.mul(0.5, tf.square(near)), beta), tf.sub(magnitude, near)), 1);
    };
    const oneHot = tf.stack([tf.sub(1, targets.positive), targets.positive], 1);
    const highest = tf.max(logits, 1, true);
    const logSum = tf.add(tf.log(tf.sum(tf.exp(tf.sub(logits, highest)), 1, true)), highest);
    const crossEntropy = tf.sum(tf.mul(oneHot, tf.sub(logSum, logits)), 1);
    const positives = tf.maximum(tf.sum(targets.positive), 1);
    const annotated = landmarkDivisor === 'positives' ? positives : tf.maximum(tf.sum(targets.annotated), 1);
    const classification = tf.div(tf.sum(tf.mul(crossEntropy, targets.counted)), positives);
    const box = tf.div(tf.sum(tf.mul(smoothL1(boxes, targets.boxes), targets.positive)), positives);
    const landmark = tf.div(tf.sum(tf.mul(smoothL1(landmarks, targets.landmarks), targets.annotated)), annotated);
    return tf.add(
      tf.add(tf.mul(classification, weights.classification), tf.mul(box, weights.box)),
      tf.mul(landmark, weights.landmark),
    ) as tf.Scalar;
  });
}
