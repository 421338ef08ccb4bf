import { type DecoderWeights, vertexFeatures } from './decoder-weights.js';
import type { FloatArray } from './float-array.js';

/**
 * The output of the last convolution as vertices: mean + scale y for the position, and that through the model's colour
 * function for the colour. tanh(z) is written as 2 logistic(2 z) - 1, so both functions are one with two slopes.
 *
 * @param y   [n, 6].
 * @param out [n, 6]: receives (x, y, z, r, g, b).
 */
export function applyColour(y: FloatArray, { shape, mean, scale }: DecoderWeights, out: FloatArray): void {
  const slope = slopeOf(shape.colour);
  for (let at = 0; at < out.length; at += vertexFeatures) {
    for (let feature = 0; feature < 3; feature++) {
      out[at + feature] = mean[at + feature] + scale[at + feature] * y[at + feature];
    }
    for (let feature = 3; feature < vertexFeatures; feature++) {
      out[at + feature] = 1 / (1 + Math.exp(-slope * (mean[at + feature] + scale[at + feature] * y[at + feature])));
    }
  }
}

/** dL/dy from dL/d vertices, by what applyColour gave. */
export function colourGradient(
  verticesGradient: FloatArray,
  vertices: FloatArray,
  { shape, scale }: DecoderWeights,
  out: FloatArray,
): void {
  const slope = slopeOf(shape.colour);
  for (let at = 0; at < out.length; at += vertexFeatures) {
    for (let feature = 0; feature < 3; feature++) {
      out[at + feature] = verticesGradient[at + feature] * scale[at + feature];
    }
    for (let feature = 3; feature < vertexFeatures; feature++) {
      const colour = vertices[at + feature];
      out[at + feature] = verticesGradient[at + feature] * slope * colour * (1 - colour) * scale[at + feature];
    }
  }
}

function slopeOf(colour: 'sigmoid' | 'tanh'): number {
  return colour === 'sigmoid' ? 1 : 2;
}
