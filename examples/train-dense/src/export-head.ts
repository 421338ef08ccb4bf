import type { TrainedHead } from '@retinabench/models';
import { colourInputs } from './feature-network.js';
import type { FeatureSpace } from './feature-space.js';
import { type Head, outputs } from './head.js';

/**
 * A head as the convolutions of a graph: scales and whitening are folded into weights and biases. A head that no sample
 * trained (anchors of 16 px have no face of 32) takes the weights of the next anchor size on its map, which sees the same
 * features.
 *
 * @param trained how many samples each head had.
 */
export function exportHead(
  head: Head,
  space: FeatureSpace,
  trained: readonly number[],
): Required<Pick<TrainedHead, 'levels' | 'colours'>> {
  const { levelOfHead, levels, inputs } = space;
  const channels = inputs - colourInputs;
  const parts = levels.map((_, level) => {
    const heads = levelOfHead.flatMap((of, index) => (of === level ? [index] : []));
    const count = heads.length * outputs;
    const weight = new Float32Array(count * channels);
    const colour = new Float32Array(count * colourInputs);
    const bias = new Float32Array(count);
    heads.forEach((index, place) => {
      const source = trained[index] > 0 ? index : (heads.find((other) => trained[other] > 0) ?? index);
      const folded = foldHead(head, space, source);
      for (let o = 0; o < outputs; o++) {
        const row = folded.weight.subarray(o * inputs, (o + 1) * inputs);
        weight.set(row.subarray(0, channels), (place * outputs + o) * channels);
        colour.set(row.subarray(channels), (place * outputs + o) * colourInputs);
      }
      bias.set(folded.bias, place * outputs);
    });
    return { convolution: { dims: [count, channels, 1, 1] as const, weight, bias }, colour };
  });
  return { levels: parts.map(({ convolution }) => convolution), colours: parts.map(({ colour }) => colour) };
}

/** scale (W inverse (x - mean) + b) as one linear map of x. */
function foldHead(head: Head, space: FeatureSpace, index: number): { weight: Float32Array; bias: Float32Array } {
  const { inputs } = space;
  const whitening = space.levels[space.levelOfHead[index]];
  const weight = new Float32Array(outputs * inputs);
  const bias = new Float32Array(outputs);
  const row = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    const from = (index * outputs + o) * inputs;
    let constant = head.bias[index * outputs + o];
    row.fill(0);
    if (whitening) {
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j <= i; j++) row[j] += head.weight[from + i] * whitening.inverse[i * inputs + j];
      }
      for (let j = 0; j < inputs; j++) constant -= row[j] * whitening.mean[j];
    }
    for (let j = 0; j < inputs; j++) weight[o * inputs + j] = head.scale[o] * row[j];
    bias[o] = head.scale[o] * constant;
  }
  return { weight, bias };
}
