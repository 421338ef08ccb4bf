import type { ConvWeights } from '../graph/conv-weights.js';

/**
 * A convolution with some of the output channels of another, in another order.
 *
 * @param channelsOf the source channels of the n-th group.
 * @param groups     number of groups.
 */
export function pickOutputs(
  conv: ConvWeights,
  channelsOf: (group: number) => readonly number[],
  groups: number,
): ConvWeights {
  const channels = Array.from({ length: groups }, (_, group) => channelsOf(group)).flat();
  const [, inputs, height, width] = conv.dims;
  const perChannel = inputs * height * width;
  const weight = new Float32Array(channels.length * perChannel);
  for (const [to, from] of channels.entries()) {
    weight.set(conv.weight.subarray(from * perChannel, (from + 1) * perChannel), to * perChannel);
  }
  return {
    dims: [channels.length, inputs, height, width],
    weight,
    bias: Float32Array.from(channels, (channel) => conv.bias[channel] as number),
  };
}
