import type { Tensor } from './backend.js';

/**
 * The numbers of an image plane by plane, as its dimensions say.
 *
 * @returns those of `tensor` themselves where they lie so.
 */
export function asPlanes({ data, dims, channelsLast }: Tensor): Float32Array {
  if (!channelsLast) return data;
  const [batch, channels, height, width] = dims;
  const cells = height * width;
  const planes = new Float32Array(data.length);
  for (let plane = 0; plane < batch * channels; plane++) {
    let from = Math.floor(plane / channels) * cells * channels + (plane % channels);
    for (let to = plane * cells; to < (plane + 1) * cells; to++, from += channels) planes[to] = data[from];
  }
  return planes;
}
