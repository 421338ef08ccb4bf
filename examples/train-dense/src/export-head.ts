import type { HiddenPart, TrainedHead } from '@retinabench/models';
import { colourInputs } from './feature-network.js';
import type { FeatureSpace } from './feature-space.js';
import { type Head, outputs } from './head.js';

/** Linear maps [count, inputs] of what a head sees, unwhitened, with their constants. */
interface Folded {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

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
): Required<Pick<TrainedHead, 'levels' | 'colours'>> & Pick<TrainedHead, 'hidden'> {
  const { levelOfHead, levels, inputs } = space;
  const { hidden } = head.shape;
  const channels = inputs - colourInputs;
  const parts = levels.map((_, level) => {
    const heads = levelOfHead.flatMap((of, index) => (of === level ? [index] : []));
    const sources = heads.map((index) =>
      trained[index] > 0 ? index : (heads.find((other) => trained[other] > 0) ?? index),
    );
    const linear = joined(
      sources.map((index) => foldRows(head.weight, head.bias, index, outputs, space, head.scale)),
      channels,
    );
    const units = joined(
      sources.map((index) => foldRows(head.hiddenWeight, head.hiddenBias, index, hidden, space)),
      channels,
    );
    const out = new Float32Array(heads.length * outputs * hidden);
    sources.forEach((index, place) => {
      for (let at = 0; at < outputs * hidden; at++) {
        const scale = head.scale[Math.floor(at / hidden)];
        out[place * outputs * hidden + at] = scale * head.hiddenOut[index * outputs * hidden + at];
      }
    });
    return { linear, units: { features: units.convolution, colour: units.colour, out } satisfies HiddenPart };
  });
  return {
    levels: parts.map(({ linear }) => linear.convolution),
    colours: parts.map(({ linear }) => linear.colour),
    ...(hidden > 0 && { hidden: parts.map(({ units }) => units) }),
  };
}

/** Maps of several anchor sizes as one convolution of the channels, and one of the colours. */
function joined(parts: readonly Folded[], channels: number) {
  const count = parts.reduce((sum, { bias }) => sum + bias.length, 0);
  const inputs = channels + colourInputs;
  const weight = new Float32Array(count * channels);
  const colour = new Float32Array(count * colourInputs);
  const bias = new Float32Array(count);
  let row = 0;
  for (const part of parts) {
    bias.set(part.bias, row);
    for (let own = 0; own < part.bias.length; own++, row++) {
      const values = part.weight.subarray(own * inputs, (own + 1) * inputs);
      weight.set(values.subarray(0, channels), row * channels);
      colour.set(values.subarray(channels), row * colourInputs);
    }
  }
  return { convolution: { dims: [count, channels, 1, 1] as const, weight, bias }, colour };
}

/** scale (W inverse (x - mean) + b) as linear maps of x, of one head. */
function foldRows(
  from: Float32Array,
  biases: Float32Array,
  index: number,
  count: number,
  { inputs, levels, levelOfHead }: FeatureSpace,
  scale?: Float64Array,
): Folded {
  const whitening = levels[levelOfHead[index]];
  const weight = new Float32Array(count * inputs);
  const bias = new Float32Array(count);
  const row = new Float64Array(inputs);
  for (let o = 0; o < count; o++) {
    const first = (index * count + o) * inputs;
    let constant = biases[index * count + o];
    row.fill(0);
    if (whitening) {
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j <= i; j++) row[j] += from[first + i] * whitening.inverse[i * inputs + j];
      }
      for (let j = 0; j < inputs; j++) constant -= row[j] * whitening.mean[j];
    }
    const factor = scale?.[o] ?? 1;
    for (let j = 0; j < inputs; j++) weight[o * inputs + j] = factor * row[j];
    bias[o] = factor * constant;
  }
  return { weight, bias };
}
