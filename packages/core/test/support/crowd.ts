import { seededRandom } from '../../src/index.js';
import { seededNormal } from './normal.js';

/** Candidates as a detector at a low score floor leaves them. */
export interface Crowd {
  readonly boxesXyxy: Float32Array;
  readonly scores: Float32Array;
}

/**
 * Seeded candidates of a crowd: faces of log-normal height (median 24 px), each found by several anchors with jitter of
 * a tenth of its size, among low-scored clutter.
 *
 * @param count candidates in all.
 * @param share share of the candidates that belong to a face; the rest is clutter.
 */
export function crowd(count: number, seed: number, share = 0.7, widthPx = 1600, heightPx = 1200): Crowd {
  const random = seededRandom(seed);
  const normal = seededNormal(seed + 1);
  const boxesXyxy = new Float32Array(count * 4);
  const scores = new Float32Array(count);
  let cx = 0;
  let cy = 0;
  let side = 0;
  let left = 0;
  for (let index = 0; index < count; index++) {
    const clutter = random() > share;
    if (clutter || left-- <= 0) {
      cx = random() * widthPx;
      cy = random() * heightPx;
      side = 24 * Math.exp(0.7 * normal());
      left = clutter ? 0 : Math.floor(random() * 20);
    }
    const width = side * 0.8 * Math.exp(0.1 * normal());
    const height = side * Math.exp(0.1 * normal());
    const x = cx + side * 0.1 * normal();
    const y = cy + side * 0.1 * normal();
    boxesXyxy.set([x - width / 2, y - height / 2, x + width / 2, y + height / 2], index * 4);
    scores[index] = clutter ? 0.02 + 0.1 * random() : 0.02 + 0.97 * random();
  }
  return { boxesXyxy, scores };
}
