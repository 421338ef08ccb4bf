import { type MeshDecoder, vertexFeatures } from '@retinabench/core';
import type { Pca } from './pca.js';
import type { Standard } from './standard.js';

/** Errors of one way to reconstruct held-out faces. */
export interface ReconstructionError {
  /** Euclidean distance of a vertex, millimetres: mean over vertices and faces, and 95th percentile. */
  readonly shapeMeanMm: number;
  readonly shapeP95Mm: number;
  /** Absolute difference of a colour channel, grey levels of 255. */
  readonly textureMeanGrey: number;
  readonly textureP95Grey: number;
}

/**
 * Errors of the decoder and of PCA with the same number of coefficients, on faces that neither has seen, and of the mean
 * face, which says how much there is to explain.
 */
export function measureReconstruction(
  decoder: MeshDecoder,
  pca: Pca,
  standard: Standard,
  draw: () => Float32Array,
  count: number,
): Readonly<Record<'decoder' | 'pca' | 'mean', ReconstructionError>> {
  const tallies = { decoder: new Tally(), pca: new Tally(), mean: new Tally() };
  const latent = new Float32Array(pca.deviations.length);
  const mean = standard.restore(pca.mean);
  for (let index = 0; index < count; index++) {
    const face = draw();
    pca.encode(standard.apply(face), latent);
    tallies.decoder.add(decoder.decode(latent), face);
    tallies.pca.add(standard.restore(pca.reconstruct(latent)), face);
    tallies.mean.add(mean, face);
  }
  return { decoder: tallies.decoder.result(), pca: tallies.pca.result(), mean: tallies.mean.result() };
}

class Tally {
  readonly #shapeMm: number[] = [];
  readonly #textureGrey: number[] = [];

  add(vertices: ArrayLike<number>, face: Float32Array): void {
    for (let at = 0; at < face.length; at += vertexFeatures) {
      const difference = (feature: number): number => vertices[at + feature] - face[at + feature];
      this.#shapeMm.push(10 * Math.hypot(difference(0), difference(1), difference(2)));
      for (let feature = 3; feature < vertexFeatures; feature++) {
        this.#textureGrey.push(255 * Math.abs(difference(feature)));
      }
    }
  }

  result(): ReconstructionError {
    const summary = (values: number[]): [number, number] => {
      const sorted = Float64Array.from(values).sort();
      const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
      return [rounded(mean), rounded(sorted[Math.floor(0.95 * (sorted.length - 1))])];
    };
    const [shapeMeanMm, shapeP95Mm] = summary(this.#shapeMm);
    const [textureMeanGrey, textureP95Grey] = summary(this.#textureGrey);
    return { shapeMeanMm, shapeP95Mm, textureMeanGrey, textureP95Grey };
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
