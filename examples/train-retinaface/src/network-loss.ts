import {
  type FaceAnnotations,
  type HeadOutputs,
  type MultiTaskLoss,
  type MultiTaskOptions,
  multiTaskLoss,
} from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkOutputs } from './network.js';

/**
 * The multi-task loss of a batch as an operation of TensorFlow.js: the value goes forward, the analytic gradient back.
 *
 * @param anchors [N, 4] in network pixels.
 * @param faces   one entry an image, in network pixels.
 * @param report  receives the loss by term.
 */
export function networkLoss(
  { logits, boxes, landmarks }: NetworkOutputs,
  anchors: Float32Array,
  faces: readonly FaceAnnotations[],
  options: MultiTaskOptions,
  report: (loss: MultiTaskLoss) => void,
): tf.Scalar {
  const apply = tf.customGrad((a, b, c) => {
    const tensors = [a, b, c] as tf.Tensor[];
    const outputs = toHeads(tensors.map((tensor) => tensor.dataSync() as Float32Array));
    const gradients = toHeads(tensors.map(({ size }) => new Float32Array(size)));
    const loss = multiTaskLoss(outputs, anchors, faces, options, gradients);
    report(loss);
    const flat = [gradients.logits, gradients.boxes, gradients.landmarks] as Float32Array[];
    return {
      value: tf.scalar(loss.total),
      gradFunc: (dy) => flat.map((values, index) => tf.mul(tf.tensor(values, tensors[index].shape), dy)),
    };
  });
  return apply(logits, boxes, landmarks) as tf.Scalar;
}

function toHeads([logits, boxes, landmarks]: readonly Float32Array[]): Required<HeadOutputs> {
  return { logits, boxes, landmarks };
}
