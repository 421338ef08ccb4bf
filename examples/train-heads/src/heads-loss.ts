import { type HeadOutputs, type MultiTaskLoss, type MultiTaskOptions, multiTaskLoss } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Sample } from './training-set.js';

/** The raw outputs of the heads for one image: [cells, anchors per cell x 2], x 4 and x 10. */
export interface HeadTensors {
  readonly logits: tf.Tensor2D;
  readonly boxes: tf.Tensor2D;
  readonly landmarks: tf.Tensor2D;
}

/**
 * The multi-task loss as an operation of TensorFlow.js: the value goes forward, the analytic gradient goes back. This is
 * all that a training loop needs; the tensors may come from any network.
 *
 * @param report receives the loss by term.
 */
export function headsLoss(
  { logits, boxes, landmarks }: HeadTensors,
  { anchors, faces }: Sample,
  options: MultiTaskOptions,
  report: (loss: MultiTaskLoss) => void,
): tf.Scalar {
  const apply = tf.customGrad((a, b, c) => {
    const tensors = [a, b, c] as tf.Tensor[];
    const outputs = toHeads(tensors.map((tensor) => tensor.dataSync() as Float32Array));
    const gradients = toHeads(tensors.map(({ size }) => new Float32Array(size)));
    const loss = multiTaskLoss(outputs, anchors, [faces], options, gradients);
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
