import { quantile } from '@retinabench/results';
import type { MirroredAxes } from '../../predictions/convert.js';
import type { FrameFamily } from './frame-families.js';
import type { SampleImage } from './sample.js';
import { forEachVotingPair } from './voting-pairs.js';

/** Width of a bin of votes, in the logarithm of the size: 3 %. */
const binWidth = 0.03;

/** How far the centre of a box may lie from that of its face, in sides of the face. */
const nearness = 0.35;

/** How far the sizes that width and height ask for may lie apart where the frame has one, in their logarithm. */
const agreement = 0.22;

/** The size of a frame that most images ask for, and how many do. */
export interface VotedSize {
  readonly width: number;
  readonly height: number;
  readonly images: number;
}

/**
 * Let each image of a sample vote for the divisors under which one of its first detections falls on one of its largest
 * faces: the ratio of their sides is the divisor, and their centres have to agree with it.
 *
 * @param laidOut the sample as x y w h in coordinates of the frame.
 * @returns the divisors with the most votes; undefined if no image votes.
 * Cost: 40 pairs an image.
 */
export function voteForSize(
  sample: readonly SampleImage[],
  laidOut: readonly Float64Array[],
  family: FrameFamily,
  mirrored: MirroredAxes,
): VotedSize | undefined {
  const along = [new Ballot(), new Ballot()];
  forEachVotingPair(sample, laidOut, ({ facesXywh, size }, index) => {
    const sides = family.perSide(size);
    if (sides === undefined || (mirrored !== 'none' && size === undefined)) return undefined;
    const { perX, perY, shiftX, shiftY } = sides;
    const boxes = laidOut[index];
    const mirrorX = mirrored.includes('x') ? size?.widthPx : undefined;
    const mirrorY = mirrored.includes('y') ? size?.heightPx : undefined;
    return (box, face) => {
      const x = voteAlong(boxes, facesXywh, box, face, perX, shiftX, mirrorX);
      const y = voteAlong(boxes, facesXywh, box + 1, face + 1, perY, shiftY, mirrorY);
      // One axis alone agrees by chance more often, so that both have to.
      if (x === undefined || y === undefined) return;
      if (family.twoSizes) {
        along[0].cast(index, x);
        along[1].cast(index, y);
      } else if (Math.abs(x - y) < agreement) {
        along[0].cast(index, (x + y) / 2);
      }
    };
  });
  const width = along[0].winner();
  const height = family.twoSizes ? along[1].winner() : width;
  if (width === undefined || height === undefined) return undefined;
  return {
    width: Math.exp(width.value),
    height: Math.exp(height.value),
    images: Math.min(width.images, height.images),
  };
}

/** The logarithm of the divisor that brings a side of a box to that of a face, if their centres agree with it. */
function voteAlong(
  boxes: Float64Array,
  facesXywh: Float64Array,
  at: number,
  face: number,
  per: number,
  shift: number,
  mirrorPx: number | undefined,
): number | undefined {
  const side = facesXywh[face + 2];
  const divisor = (boxes[at + 2] * per) / side;
  if (!(divisor > 0) || !Number.isFinite(divisor)) return undefined;
  const start = mirrorPx === undefined ? facesXywh[face] : mirrorPx - facesXywh[face] - side;
  const centre = ((boxes[at] + boxes[at + 2] / 2) * per) / divisor + shift;
  return Math.abs(centre - start - side / 2) < nearness * side ? Math.log(divisor) : undefined;
}

/** Votes in bins; an image counts once in a bin. */
class Ballot {
  readonly #bins = new Map<number, { images: Set<number>; values: number[] }>();

  cast(image: number, value: number): void {
    const key = Math.round(value / binWidth);
    const bin = this.#bins.get(key) ?? { images: new Set(), values: [] };
    if (!this.#bins.has(key)) this.#bins.set(key, bin);
    if (bin.images.has(image)) return;
    bin.images.add(image);
    bin.values.push(value);
  }

  /** The median of the fullest bin and its neighbours; of equal ones the smallest. */
  winner(): { readonly value: number; readonly images: number } | undefined {
    let best: number[] = [];
    for (const key of [...this.#bins.keys()].sort((a, b) => a - b)) {
      const values = [-2, -1, 0, 1, 2].flatMap((step) => this.#bins.get(key + step)?.values ?? []);
      if (values.length > best.length) best = values;
    }
    return best.length === 0 ? undefined : { value: quantile(best, 0.5), images: best.length };
  }
}
