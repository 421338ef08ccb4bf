import { cameraSize, illuminationSize, seededRandom } from '@retinabench/core';

/** Numbers of a dense head an anchor: P_ST 128, P_cam 7, P_ill 9. */
export const outputs = 128 + cameraSize + illuminationSize;

/** Sizes of a head. */
export interface HeadShape {
  /** Anchor sizes over all levels: each has weights of its own. */
  readonly heads: number;
  /** Numbers that it sees: the channels of a cell and colours. */
  readonly inputs: number;
  /** Rectified units between what it sees and what it gives, beside the linear part; 0: a linear head. */
  readonly hidden: number;
}

/** What training changes. */
export interface HeadParameters {
  /** [heads, outputs, inputs]. */
  readonly weight: Float32Array;
  /** [heads, outputs]. */
  readonly bias: Float32Array;
  /** [heads, hidden, inputs]. */
  readonly hiddenWeight: Float32Array;
  /** [heads, hidden]. */
  readonly hiddenBias: Float32Array;
  /** [heads, outputs, hidden]. */
  readonly hiddenOut: Float32Array;
}

/** The names of HeadParameters. */
export const parameterNames = ['weight', 'bias', 'hiddenWeight', 'hiddenBias', 'hiddenOut'] as const;

/**
 * A head on whitened features x: (P_ST, P_cam, P_ill) = scale (weight x + bias + hiddenOut max(0, hiddenWeight x + hiddenBias)),
 * head by head.
 */
export interface Head extends HeadParameters {
  readonly shape: HeadShape;
  /** [outputs]: deviation of each number over faces, so that one learning rate serves centimetres and colours. */
  readonly scale: Float64Array;
}

/** Parameters of a shape, all zero. */
export function zeroParameters({ heads, inputs, hidden }: HeadShape): HeadParameters {
  return {
    weight: new Float32Array(heads * outputs * inputs),
    bias: new Float32Array(heads * outputs),
    hiddenWeight: new Float32Array(heads * hidden * inputs),
    hiddenBias: new Float32Array(heads * hidden),
    hiddenOut: new Float32Array(heads * outputs * hidden),
  };
}

/** A head that gives zero everywhere; its hidden units see random directions, so that they can part. */
export function zeroHead(shape: HeadShape, scale: Float64Array, seed: number): Head {
  const parameters = zeroParameters(shape);
  const random = seededRandom(seed);
  const spread = Math.sqrt(3 / shape.inputs);
  for (let at = 0; at < parameters.hiddenWeight.length; at++) {
    parameters.hiddenWeight[at] = spread * (2 * random() - 1);
  }
  return { shape, scale, ...parameters };
}

/**
 * What a head gives for one anchor.
 *
 * @param features [inputs], whitened.
 * @param out      [outputs]: receives P_ST, P_cam, P_ill.
 */
export function applyHead(head: Head, index: number, features: Float32Array, out: Float64Array): void {
  const { inputs, hidden } = head.shape;
  const units = unitsOf(head, index, features);
  for (let o = 0; o < outputs; o++) {
    let sum = head.bias[index * outputs + o];
    const row = (index * outputs + o) * inputs;
    for (let at = 0; at < inputs; at++) sum += head.weight[row + at] * features[at];
    const first = (index * outputs + o) * hidden;
    for (let unit = 0; unit < hidden; unit++) sum += head.hiddenOut[first + unit] * units[unit];
    out[o] = head.scale[o] * sum;
  }
}

/** Add the gradient of a loss through applyHead, by its gradient with respect to what the head gave. */
export function headGradient(
  head: Head,
  index: number,
  features: Float32Array,
  outputGradient: Float64Array,
  gradient: HeadParameters,
): void {
  const { inputs, hidden } = head.shape;
  const units = unitsOf(head, index, features);
  const unitSlopes = new Float64Array(hidden);
  for (let o = 0; o < outputs; o++) {
    const slope = outputGradient[o] * head.scale[o];
    if (slope === 0) continue;
    gradient.bias[index * outputs + o] += slope;
    const row = (index * outputs + o) * inputs;
    for (let at = 0; at < inputs; at++) gradient.weight[row + at] += slope * features[at];
    const first = (index * outputs + o) * hidden;
    for (let unit = 0; unit < hidden; unit++) {
      gradient.hiddenOut[first + unit] += slope * units[unit];
      unitSlopes[unit] += slope * head.hiddenOut[first + unit];
    }
  }
  for (let unit = 0; unit < hidden; unit++) {
    if (units[unit] === 0) continue;
    gradient.hiddenBias[index * hidden + unit] += unitSlopes[unit];
    const row = (index * hidden + unit) * inputs;
    for (let at = 0; at < inputs; at++) gradient.hiddenWeight[row + at] += unitSlopes[unit] * features[at];
  }
}

function unitsOf({ shape: { inputs, hidden }, ...head }: Head, index: number, features: Float32Array): Float64Array {
  return Float64Array.from({ length: hidden }, (_, unit) => {
    let sum = head.hiddenBias[index * hidden + unit];
    const row = (index * hidden + unit) * inputs;
    for (let at = 0; at < inputs; at++) sum += head.hiddenWeight[row + at] * features[at];
    return Math.max(0, sum);
  });
}
