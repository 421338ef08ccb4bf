import { vertexFeatures } from '@retinabench/core';
import type { HeadModel } from './head-model.js';
import type { Random } from './random.js';
import { normal, type SkinModel } from './skin-model.js';

/** Draws faces: shape linear in 15 offsets, colour from the skin model. */
export class FaceSampler {
  readonly #neutral: Float32Array;
  readonly #offsets: readonly { readonly name: string; readonly values: Float32Array }[];
  readonly #skin: SkinModel;
  readonly #albedo: Float32Array;

  /** @param source the vertex of the head that each vertex of the mesh is. */
  constructor(model: HeadModel, source: Uint32Array, skin: SkinModel) {
    const pick = (values: Float32Array): Float32Array =>
      Float32Array.from({ length: source.length * 3 }, (_, at) => values[source[Math.floor(at / 3)] * 3 + (at % 3)]);
    this.#neutral = pick(model.neutral.positions);
    this.#offsets = model.names.map((name, index) => ({ name, values: pick(model.offsets[index]) }));
    this.#skin = skin;
    this.#albedo = new Float32Array(source.length * 3);
  }

  /**
   * Draw one face.
   *
   * @param out Float32Array [n, 6]: receives positions in centimetres and albedo.
   */
  draw(random: Random, out: Float32Array): Float32Array {
    const positions = Float64Array.from(this.#neutral);
    const smile = random() ** 2;
    const blink = random() ** 4;
    for (const { name, values } of this.#offsets) {
      const amount = drawAmount(name, { smile, blink }, random);
      for (let at = 0; at < positions.length; at++) positions[at] += amount * values[at];
    }
    const albedo = this.#skin.albedo(this.#skin.draw(random), this.#albedo);
    for (let vertex = 0; vertex * 3 < positions.length; vertex++) {
      for (let c = 0; c < 3; c++) {
        out[vertex * vertexFeatures + c] = positions[vertex * 3 + c];
        out[vertex * vertexFeatures + 3 + c] = albedo[vertex * 3 + c];
      }
    }
    return out;
  }
}

/**
 * The amount of an offset: identities are principal components with standard normal coefficients; expressions go from
 * 0 to 1, mostly small, both sides nearly alike.
 */
function drawAmount(name: string, both: { readonly smile: number; readonly blink: number }, random: Random): number {
  if (name.startsWith('identity')) return normal(random);
  if (name === 'jawOpen') return 0.8 * random() ** 3;
  const middle = name.startsWith('mouthSmile') ? both.smile : both.blink;
  return Math.max(0, Math.min(1, middle + 0.1 * normal(random)));
}
