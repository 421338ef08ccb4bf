import type { MirroredAxes } from '../../predictions/convert.js';
import type { FrameFamily, PerSide } from './frame-families.js';
import type { SampleImage } from './sample.js';

/** Divisors of a family: x of the image = x * perX / width + shiftX, y likewise with the height. */
export interface Divisors {
  readonly width: number;
  readonly height: number;
}

/**
 * Measure the divisors of a family again from where the centres of the faces lie that are found under a first guess: far
 * from the origin they tell a size more exactly than the sides of small boxes do.
 *
 * @param laidOut the sample as x y w h in coordinates of the frame.
 * @param isWhole whether coordinates were cut or rounded to whole numbers, which shifts them all by up to a half.
 * @returns the least-squares divisors; the guess where nothing is found under it.
 * Cost: an IoU for each detection and face of an image.
 */
export function refineSize(
  sample: readonly SampleImage[],
  laidOut: readonly Float64Array[],
  family: FrameFamily,
  mirrored: MirroredAxes,
  guess: Divisors,
  isWhole = false,
): Divisors {
  const along = [new Slope(isWhole), new Slope(isWhole)];
  sample.forEach(({ facesXywh, size }, index) => {
    const sides = family.perSide(size);
    if (sides === undefined || (mirrored !== 'none' && size === undefined)) return;
    for (let face = 0; face < facesXywh.length; face += 4) {
      const [fx, fy, fw, fh] = facesXywh.subarray(face, face + 4);
      const x = mirrored.includes('x') ? (size?.widthPx ?? 0) - fx - fw : fx;
      const y = mirrored.includes('y') ? (size?.heightPx ?? 0) - fy - fh : fy;
      const boxes = laidOut[index];
      const at = nearest(boxes, sides, guess, [x, y, fw, fh]);
      if (at < 0) continue;
      along[0].add((boxes[at] + boxes[at + 2] / 2) * sides.perX, x + fw / 2 - sides.shiftX);
      along[1].add((boxes[at + 1] + boxes[at + 3] / 2) * sides.perY, y + fh / 2 - sides.shiftY);
    }
  });
  if (family.twoSizes) return { width: along[0].divisor(guess.width), height: along[1].divisor(guess.height) };
  const both = along[0].with(along[1]).divisor(guess.width);
  return { width: both, height: both };
}

/** The box that overlaps a face most, at least by an IoU of 0.4; -1 if none does. */
function nearest(boxes: Float64Array, sides: PerSide, { width, height }: Divisors, face: readonly number[]): number {
  const [x, y, w, h] = face;
  const [scaleX, scaleY] = [sides.perX / width, sides.perY / height];
  let best = -1;
  let bestIou = 0.4;
  for (let at = 0; at < boxes.length; at += 4) {
    const left = boxes[at] * scaleX + sides.shiftX;
    const ownW = boxes[at + 2] * scaleX;
    const overlapX = Math.min(x + w, left + ownW) - Math.max(x, left);
    if (!(overlapX > 0)) continue;
    const top = boxes[at + 1] * scaleY + sides.shiftY;
    const ownH = boxes[at + 3] * scaleY;
    const overlapY = Math.min(y + h, top + ownH) - Math.max(y, top);
    if (!(overlapY > 0)) continue;
    const iou = (overlapX * overlapY) / (w * h + ownW * ownH - overlapX * overlapY);
    if (iou > bestIou) {
      bestIou = iou;
      best = at;
    }
  }
  return best;
}

/** Pairs from which on a line may miss the origin. */
const fewestForIntercept = 20;

/** The factor between pairs of numbers, by least squares. */
class Slope {
  readonly #pairs: (readonly [from: number, to: number])[] = [];
  readonly #withIntercept: boolean;

  constructor(withIntercept: boolean) {
    this.#withIntercept = withIntercept;
  }

  add(from: number, to: number): void {
    this.#pairs.push([from, to]);
  }

  with(other: Slope): Slope {
    const both = new Slope(this.#withIntercept);
    both.#pairs.push(...this.#pairs, ...other.#pairs);
    return both;
  }

  /** `from` divided by it is `to`, up to a constant where that is allowed. */
  divisor(guess: number): number {
    const count = this.#pairs.length;
    const centred = this.#withIntercept && count >= fewestForIntercept;
    const mean = (of: 0 | 1): number => (centred ? this.#pairs.reduce((sum, pair) => sum + pair[of], 0) / count : 0);
    const [meanFrom, meanTo] = [mean(0), mean(1)];
    let squares = 0;
    let products = 0;
    for (const [from, to] of this.#pairs) {
      squares += (from - meanFrom) ** 2;
      products += (from - meanFrom) * (to - meanTo);
    }
    const divisor = squares / products;
    return divisor > 0 && Number.isFinite(divisor) ? divisor : guess;
  }
}
