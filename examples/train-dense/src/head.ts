import { cameraSize, illuminationSize } from '@retinabench/core';

/** Numbers of a dense head an anchor: P_ST 128, P_cam 7, P_ill 9. */
export const outputs = 128 + cameraSize + illuminationSize;

/** Sizes of a head. */
export interface HeadShape {
  /** Anchor sizes over all levels: each has weights of its own. */
  readonly heads: number;
  /** Numbers that it sees: the channels of a cell and colours. */
  readonly inputs: number;
}

/** A linear head on whitened features: (P_ST, P_cam, P_ill) = scale (weight x + bias), head by head. */
export interface Head {
  readonly shape: HeadShape;
  /** [outputs]: deviation of each number over faces, so that one learning rate serves centimetres and colours. */
  readonly scale: Float64Array;
  /** [heads, outputs, inputs]. */
  readonly weight: Float32Array;
  /** [heads, outputs]. */
  readonly bias: Float32Array;
}

/** A head that gives zero everywhere. */
export function zeroHead(shape: HeadShape, scale: Float64Array): Head {
  const { heads, inputs } = shape;
  return {
    shape,
    scale,
    weight: new Float32Array(heads * outputs * inputs),
    bias: new Float32Array(heads * outputs),
  };
}

/**
 * What a head gives for one anchor.
 *
 * @param features [inputs], whitened.
 * @param out      [outputs]: receives P_ST, P_cam, P_ill.
 */
export function applyHead(head: Head, index: number, features: Float32Array, out: Float64Array): void {
  const { inputs } = head.shape;
  for (let o = 0; o < outputs; o++) {
    let sum = head.bias[index * outputs + o];
    const row = (index * outputs + o) * inputs;
    for (let at = 0; at < inputs; at++) sum += head.weight[row + at] * features[at];
    out[o] = head.scale[o] * sum;
  }
}

/** Add the gradient of a loss through applyHead, by its gradient with respect to what the head gave. */
export function headGradient(
  head: Head,
  index: number,
  features: Float32Array,
  outputGradient: Float64Array,
  gradient: Pick<Head, 'weight' | 'bias'>,
): void {
  const { inputs } = head.shape;
  for (let o = 0; o < outputs; o++) {
    const slope = outputGradient[o] * head.scale[o];
    gradient.bias[index * outputs + o] += slope;
    const row = (index * outputs + o) * inputs;
    for (let at = 0; at < inputs; at++) gradient.weight[row + at] += slope * features[at];
  }
}
