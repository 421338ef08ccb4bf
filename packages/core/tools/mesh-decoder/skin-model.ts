import { isEyeball } from './head-model.js';
import type { Random } from './random.js';

/**
 * The procedural skin model. Light passes the skin twice and is absorbed by melanin and haemoglobin, so the logarithm of
 * the albedo is linear in the amounts (Beer-Lambert); hair, lips, eyes and make-up are further absorbing layers, each on
 * a soft mask placed on the neutral face, and smooth random fields stand for everything else. Albedo is in display
 * values (gamma-encoded sRGB, 0..1), the space of the photographs that are fitted.
 */
export class SkinModel {
  /** Number of coefficients. */
  readonly size: number;
  readonly #layers: readonly Layer[];
  readonly #base: Float64Array;
  readonly #fields: readonly Float32Array[];

  /**
   * @param positions neutral positions [n, 3] in centimetres, face towards +z.
   * @param source    the vertex of the head that each is.
   */
  constructor(positions: Float32Array, source: Uint32Array) {
    const count = source.length;
    const eye = Array.from(source, isEyeball);
    const point = (vertex: number): Point => [...positions.subarray(vertex * 3, vertex * 3 + 3)] as unknown as Point;
    this.#layers = skinLayers();
    const soft = softCentres().flatMap((centre) => [
      { centre, colour: [1, 1, 1] as const, size: 0.16 },
      { centre, colour: [1, -0.2, -0.8] as const, size: 0.035 },
    ]);
    this.#base = new Float64Array(count * 3);
    this.#fields = [...this.#layers, ...soft].map(() => new Float32Array(count * 3));
    for (let vertex = 0; vertex < count; vertex++) {
      const p = point(vertex);
      const base = eye[vertex] ? scleraColour : isMouthInside(p) ? mouthInsideColour : skinColour;
      this.#layers.forEach(({ mask, on, colour }, index) => {
        const applies = on === 'eye' ? eye[vertex] : !eye[vertex];
        const weight = applies ? mask(p) : 0;
        for (let c = 0; c < 3; c++) this.#fields[index][vertex * 3 + c] = weight * colour[c];
      });
      soft.forEach(({ centre, colour, size }, index) => {
        const weight = eye[vertex] ? 0 : size * bump(p, centre, 2.6);
        for (let c = 0; c < 3; c++) this.#fields[this.#layers.length + index][vertex * 3 + c] = weight * colour[c];
      });
      for (let c = 0; c < 3; c++) this.#base[vertex * 3 + c] = Math.log(base[c]);
    }
    this.size = this.#fields.length;
  }

  /** Draw coefficients: layers from their own distributions, the smooth fields from the standard normal. */
  draw(random: Random): Float64Array {
    return Float64Array.from({ length: this.size }, (_, index) => this.#layers[index]?.draw(random) ?? normal(random));
  }

  /** Albedo [n, 3] of coefficients: exp(base + sum of amount times layer), at most 0.98. */
  albedo(amounts: Float64Array, out: Float32Array): Float32Array {
    const log = this.#base.slice();
    this.#fields.forEach((field, index) => {
      const amount = amounts[index];
      if (amount !== 0) for (let at = 0; at < log.length; at++) log[at] += amount * field[at];
    });
    for (let at = 0; at < out.length; at++) out[at] = Math.exp(Math.min(log[at], Math.log(0.98)));
    return out;
  }
}

type Point = readonly [x: number, y: number, z: number];

interface Layer {
  readonly on: 'skin' | 'eye';
  readonly mask: (p: Point) => number;
  /** Change of log albedo in r, g, b at amount 1. */
  readonly colour: Point;
  readonly draw: (random: Random) => number;
}

const skinColour: Point = [0.93, 0.76, 0.66];
const scleraColour: Point = [0.86, 0.84, 0.83];
const mouthInsideColour: Point = [0.32, 0.16, 0.15];

/** One draw of the standard normal distribution (Box-Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** 1 at `centre`, falling as a Gaussian of standard deviation `sigma` centimetres. */
function bump([x, y, z]: Point, centre: Point, sigma: number): number {
  const squared = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2;
  return Math.exp(-squared / (2 * sigma * sigma));
}

/** 0 below `from`, 1 above `to`, smooth between; descending where `from` exceeds `to`. */
function step(value: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** The skin inside the lips: the sock of the mouth. */
function isMouthInside([x, y, z]: Point): boolean {
  return Math.abs(x) < 2.9 && y > -5.6 && y < -1.6 && z < 8.6;
}

/** The brow: an arc over each eye, `rise` centimetres above its usual place. */
function brow([x, y, z]: Point, rise: number): number {
  const side = Math.abs(x);
  const arc = 5.15 + rise + 0.55 * Math.sin(((side - 1.2) / 4.6) * Math.PI) - 0.04 * (side - 1.2) ** 2;
  return z > 5 ? step(side, 0.9, 1.7) * step(side, 5.9, 4.6) * Math.exp(-((y - arc) ** 2) / (2 * 0.3 ** 2)) : 0;
}

/** Distance from the eye's opening, an ellipse, in its radii. */
function eyeRadius([x, y]: Point): number {
  return Math.hypot((Math.abs(x) - 3.2) / 1.55, (y - 3.45) / 0.62);
}

/** The lips: outer surface around the line of the mouth. */
function lips(p: Point): number {
  const [x, y, z] = p;
  const across = (x / 2.75) ** 2;
  const top = -2.55 - 0.9 * across;
  const bottom = -4.6 + 0.95 * across;
  if (across > 1 || z < 9) return 0;
  return step(y, bottom - 0.15, bottom + 0.15) * step(y, top + 0.15, top - 0.15);
}

/** The skin that grows a beard: jaw, chin and cheeks below the mouth's corners. */
function beard(p: Point): number {
  const [x, y] = p;
  const edge = -3.2 + 0.09 * Math.max(0, Math.abs(x) - 3) ** 2;
  return step(y, edge + 0.6, edge - 1.2) * (1 - lips(p)) * step(Math.abs(x) + (y + 9) * 0.1, 9.5, 7.5);
}

function moustache(p: Point): number {
  const [x, y, z] = p;
  return z > 9 ? step(y, -1.1, -1.5) * step(y, -3.6, -2.9) * step(Math.abs(x), 3.2, 2.4) * (1 - lips(p)) : 0;
}

function skinLayers(): Layer[] {
  const hair: Point = [-1, -1.1, -1.15];
  const iris = ([x, y, z]: Point): number => Math.hypot(Math.abs(x) - 3.2375, y - 3.611) + (z > 8 ? 0 : 9);
  const skin = (mask: Layer['mask'], colour: Point, draw: Layer['draw']): Layer => ({ on: 'skin', mask, colour, draw });
  const eye = (mask: Layer['mask'], colour: Point, draw: Layer['draw']): Layer => ({ on: 'eye', mask, colour, draw });
  const share = (power: number, most = 1): Layer['draw'] => {
    return (random) => most * random() ** power;
  };
  const spread = (sigma: number): Layer['draw'] => {
    return (random) => sigma * normal(random);
  };
  const cheeks = ([x, y, z]: Point): number => bump([Math.abs(x), y, z], [4.4, 0, 8.6], 1.9);
  return [
    skin(() => 1, [-0.97, -1.21, -1.39], share(1.2)),
    skin(() => 1, [-0.02, -0.2, -0.16], spread(0.6)),
    skin(cheeks, [-0.01, -0.16, -0.12], spread(0.8)),
    skin((p) => bump(p, [0, 0, 12.4], 1.4), [-0.02, -0.15, -0.1], spread(0.8)),
    skin((p) => brow(p, -0.2), hair, share(1, 0.7)),
    skin((p) => brow(p, 0.2), hair, share(1, 0.7)),
    skin((p) => brow(p, 0.6), hair, share(2, 0.5)),
    skin(lips, [-0.12, -0.42, -0.34], share(0.7, 1.3)),
    skin(lips, [0.05, -0.25, -0.05], spread(0.6)),
    skin(beard, [-0.7, -0.66, -0.58], share(3)),
    skin(moustache, [-0.7, -0.66, -0.58], share(3)),
    skin(
      (p) => (p[2] > 5 ? Math.exp(-((eyeRadius(p) - 1) ** 2) / (2 * 0.16 ** 2)) : 0),
      [-0.8, -0.8, -0.75],
      share(0.8),
    ),
    skin(
      (p) => (p[2] > 5 && p[1] > 3.3 ? Math.exp(-((eyeRadius(p) - 1.6) ** 2) / (2 * 0.5 ** 2)) : 0),
      [-0.45, -0.5, -0.45],
      share(1.5),
    ),
    skin(([x, y, z]) => bump([Math.abs(x), y, z], [2.9, 2.1, 8.8], 0.8), [-0.3, -0.36, -0.3], share(1.5)),
    skin(([x, y, z]) => bump([Math.abs(x), y, z], [0.75, -0.75, 11.4], 0.45), [-1.1, -1.2, -1.2], share(0.5)),
    skin(([, y, z]) => step(y + Math.max(0, 6 - z) * 0.35, 7.6, 9.6), hair, share(1.6, 1.5)),
    skin(([x, y, z]) => step(Math.abs(x), 5.9, 7.4) * step(y, 0.5, 3.5) * step(z, 9, 6), hair, share(1.6, 1.5)),
    skin(([x, y]) => step(x, 2.5, 7.5) * step(y, 3, 8), hair, share(3, 1.2)),
    skin(([x, y]) => step(-x, 2.5, 7.5) * step(y, 3, 8), hair, share(3, 1.2)),
    skin(([, y]) => step(y, -6.5, -9), [-0.5, -0.52, -0.5], share(1)),
    eye(() => 1, [-0.35, -0.4, -0.42], share(1)),
    eye((p) => step(iris(p), 0.68, 0.55), [-0.9, -1.0, -1.1], share(0.6, 1.6)),
    eye((p) => step(iris(p), 0.68, 0.55), [-0.5, 0.05, 0.5], spread(0.5)),
    eye((p) => step(iris(p), 0.3, 0.2), [-1.6, -1.6, -1.5], share(0.3)),
    eye(([, y]) => step(y, 3.7, 4.2), [-0.6, -0.6, -0.6], share(1)),
  ];
}

/** Centres of the smooth fields: a grid over the face, on its surface roughly. */
function softCentres(): Point[] {
  const centres: Point[] = [];
  for (const y of [-8, -5, -2, 1, 4, 7, 10]) {
    for (const x of [-6, -3, 0, 3, 6]) centres.push([x, y, 10.5 - (x * x) / 12 - Math.max(0, y - 5) * 0.3]);
  }
  return centres;
}
