import { seededRandom } from '@retinabench/core';

/** A box in pixels of its image. */
export type Box = readonly [x: number, y: number, w: number, h: number];

/** A made-up data set with what a detector found on it, the surest first. */
export interface DataSet {
  readonly kind: Kind;
  readonly sizesPx: readonly (readonly [width: number, height: number])[];
  readonly faces: readonly (readonly Box[])[];
  readonly detections: readonly (readonly Box[])[];
  readonly scores: readonly (readonly number[])[];
  /** Whether the annotations say the sizes of the images. */
  readonly sizesKnown: boolean;
}

/** What images show. */
export const kinds = [
  'portraits',
  'photographs',
  'crowds',
  'small faces',
  'tight crops',
  'near the corner',
  'selfies',
] as const;

/** One of `kinds`. */
export type Kind = (typeof kinds)[number];

const imageCounts = [5, 8, 12, 20, 40, 100, 200, 500] as const;

/**
 * A seeded data set of 5 to 500 images: sizes of cameras or of crops, one to sixty faces each, and a detector of its own
 * accuracy, with false boxes and misses.
 */
export function dataSet(seed: number): DataSet {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + random() * (high - low);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  const kind = kinds[seed % kinds.length];
  const crowd = kind === 'crowds' || kind === 'small faces';
  const images = crowd ? Math.min(pick(imageCounts), 100) : pick(imageCounts);
  const aspect = between(1.05, 1.4);
  const oneSize = random() < 0.5;
  const camera = pick([
    [640, 480],
    [480, 640],
    [1024, 768],
    [1280, 720],
    [1920, 1080],
    [1080, 1920],
    [250, 250],
  ] as const);
  const reach = between(0.2, 0.8);
  // A detector's own bias, spread, misses and false boxes.
  const bias = between(-0.06, 0.06);
  const spread = between(0.02, 0.1);
  const missed = between(0, 0.25);
  const falseBoxes = between(0, 4);
  const isWhole = random() < 0.5;
  const sizesKnown = random() < 0.6;
  const written = (box: Box): Box => (isWhole ? (box.map(Math.round) as unknown as Box) : box);
  const sizesPx: [number, number][] = [];
  const faces: Box[][] = [];
  const detections: Box[][] = [];
  const scores: number[][] = [];
  for (let image = 0; image < images; image++) {
    const free = oneSize
      ? camera
      : pick([
          [640, 480],
          [480, 640],
          [1024, 683],
          [800, 600],
          [600, 800],
          [1280, 960],
        ] as const);
    let [W, H]: readonly [number, number] = free;
    const own: Box[] = [];
    const faceOf = (side: number): Box => {
      const h = side * aspect * Math.exp(0.1 * normal());
      return [between(0, Math.max(W - side, 1)), between(0, Math.max(H - h, 1)), side, h];
    };
    if (kind === 'portraits') {
      const w = W * between(0.25, 0.5);
      const h = Math.min(w * aspect * Math.exp(0.08 * normal()), 0.8 * H);
      own.push([W * (0.5 + 0.06 * normal()) - w / 2, Math.max(2, H * (0.42 + 0.06 * normal()) - h / 2), w, h]);
    } else if (kind === 'photographs') {
      for (let n = 1 + Math.floor(between(0, 5)); n > 0; n--)
        own.push(faceOf(Math.min(W, H) * Math.exp(between(-3.2, -1))));
    } else if (kind === 'crowds') {
      for (let n = 10 + Math.floor(between(0, 50)); n > 0; n--)
        own.push(faceOf(Math.min(W, H) * Math.exp(between(-4, -2.2))));
    } else if (kind === 'small faces') {
      for (let n = 1 + Math.floor(between(0, 12)); n > 0; n--) own.push(faceOf(between(8, 36)));
    } else if (kind === 'tight crops') {
      const w = between(60, 200);
      const h = w * aspect * Math.exp(0.1 * normal());
      const [left, top] = [w * between(0.05, reach), h * between(0.05, reach)];
      [W, H] = [Math.round(left + w * between(1.05, 1 + reach)), Math.round(top + h * between(1.05, 1 + reach))];
      own.push([left, top, w, h]);
    } else if (kind === 'near the corner') {
      const w = Math.min(W, H) * between(0.15, 0.4);
      own.push([w * between(0, reach), w * between(0, reach), w, w * aspect * Math.exp(0.1 * normal())]);
    } else {
      const w = W * between(0.4, 0.7);
      const h = w * aspect * Math.exp(0.08 * normal());
      own.push([W * (0.5 + 0.08 * normal()) - w / 2, H - h * between(0.75, 1.2), w, h]);
    }
    const found = own.flatMap(([x, y, w, h]): { box: Box; score: number }[] => {
      if (random() < missed) return [];
      const s = 1 + bias + spread * normal();
      const [fw, fh] = [w * s, h * s * Math.exp(spread * normal())];
      const box: Box = [x + w / 2 - fw / 2 + spread * w * normal(), y + h / 2 - fh / 2 + spread * h * normal(), fw, fh];
      return [{ box, score: 1 / (1 + Math.exp(-(2.5 + normal()))) }];
    });
    for (let n = Math.floor(falseBoxes * random() * 2); n > 0; n--) {
      const side = Math.min(W, H) * Math.exp(between(-4, -1));
      found.push({
        box: [between(0, W - side), between(0, H - side), side, side * aspect],
        score: 1 / (1 + Math.exp(-(-1.5 + normal()))),
      });
    }
    found.sort((a, b) => b.score - a.score);
    sizesPx.push([W, H]);
    faces.push(own.map(written));
    detections.push(found.map(({ box }) => written(box)));
    scores.push(found.map(({ score }) => score));
  }
  return { kind, sizesPx, faces, detections, scores, sizesKnown };
}
