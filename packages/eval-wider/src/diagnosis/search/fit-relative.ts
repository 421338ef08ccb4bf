import { quantile } from '@retinabench/results';
import { asGiven } from './box-reading.js';
import { exchange, isConvincing } from './is-convincing.js';
import type { SampleImage } from './sample.js';
import { layOut, type ReadingScore, scoreReading } from './score-reading.js';
import { forEachVotingPair } from './voting-pairs.js';

/** Where detections lie about faces, in terms of the faces: (x - face x) / face w, w / face w, and so on. */
export interface RelativeBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A relative box, and how well a sample fits where each detection is brought to the face that it means by it. */
export interface RelativeFit {
  readonly box: RelativeBox;
  readonly score: ReadingScore;
  /** Whether detections and faces begin at one corner, as where width and height alone are wrong. */
  readonly isAnchored: boolean;
  /** Whether sides agree, and detections lie beside the faces by a share of them, as where x y is another corner. */
  readonly isBeside: boolean;
}

/** How far sides and corners may differ for a box to be of a face at all. */
const mostTimes = 3.2;
const mostOff = 1.5;

/** How far pairs may lie from each other to tell of one relative box: a detector errs by less. */
const tolerance = 0.25;

/** Pairs that are tried as the middle of the others. */
const mostSeeds = 400;

/** Ratio of the sides from which on boxes are of another size, and how near to the middle their difference lies that are not anchored. */
const otherSize = 1.18;
const anchoredOff = 0.35;

/** Share of a side by which the middle of a detection of the same size has to lie off: an IoU of 0.5 is out of reach. */
const besideOff = 0.35;

/** Where faces are alike: faces that are found, how many times as many as given and which share; their mean IoU, and how much more than by chance. */
const fewestAlike = 5;
const timesAlike = 2;
const mostAlike = 0.6;
const closeAlike = 0.75;
const closerAlike = 1.05;

/** What a relative box, four numbers that no user writes, departs from boxes as given; see `isConvincing`. */
const departure = 1.5;

/**
 * Measure whether detections are one part, or one multiple, of the faces that they lie on, whatever the image: boxes of heads
 * and faces, wrong anchors, or a width and height that are too large; or lie beside them by one share of their sides, as where y is
 * that of the lower edge.
 *
 * @returns undefined where no such part is found, or sides and places agree.
 * Cost: that of a few readings of the sample.
 */
export function fitRelative(sample: readonly SampleImage[]): RelativeFit | undefined {
  const box = measureRelative(sample);
  if (box === undefined) return undefined;
  const isSameSize = Math.max(box.w, 1 / box.w, box.h, 1 / box.h) < otherSize;
  const off = Math.max(Math.abs(box.x + (box.w - 1) / 2), Math.abs(box.y + (box.h - 1) / 2));
  if (isSameSize && off < besideOff) return undefined;
  // Wide where faces are high is another order of numbers.
  if (Math.max(box.w, box.h) > otherSize && Math.min(box.w, box.h) < 1 / otherSize) return undefined;
  const brought = bringToFaces(sample, box);
  const laidOut = brought.map(({ boxes }) => boxes);
  return { box, score: scoreReading(brought, laidOut, asGiven), isAnchored: isAnchored(box), isBeside: isSameSize };
}

/**
 * Whether a relative box explains a sample, as `isConvincing` says of a reading; or, where faces are alike and the boxes of one fit the
 * face of another, whether it finds most faces, closely, and more closely than the boxes of other images do.
 */
export function isConvincingFit(sample: readonly SampleImage[], fit: RelativeFit): boolean {
  const given = { reading: asGiven, score: scoreReading(sample, layOut(sample, 'xywh'), asGiven) };
  const brought = bringToFaces(sample, fit.box);
  if (isConvincing(brought, { reading: asGiven, score: fit.score }, given, departure)) return true;
  const { found, faces, overlap } = fit.score;
  if (found < fewestAlike || found < timesAlike * given.score.found || found < mostAlike * faces) return false;
  const others = exchange(brought);
  return (
    overlap >= closeAlike * found &&
    overlap >= closerAlike * scoreReading(others, layOut(others, 'xywh'), asGiven).overlap
  );
}

/** The images with each detection as the face that it means. */
export function bringToFaces(sample: readonly SampleImage[], { x, y, w, h }: RelativeBox): SampleImage[] {
  return sample.map((image) => {
    const boxes = image.boxes.slice();
    for (let at = 0; at < boxes.length; at += 4) {
      const [faceW, faceH] = [boxes[at + 2] / w, boxes[at + 3] / h];
      boxes[at] -= x * faceW;
      boxes[at + 1] -= y * faceH;
      boxes[at + 2] = faceW;
      boxes[at + 3] = faceH;
    }
    return { ...image, boxes };
  });
}

/** A difference of size about the middle moves the corner by half of it; here it moves hardly at all, along either axis. */
function isAnchored({ x, y, w, h }: RelativeBox): boolean {
  const stays = (corner: number, side: number): boolean =>
    Math.abs(corner) < anchoredOff * Math.abs((1 - side) / 2) && Math.max(side, 1 / side) >= otherSize;
  return stays(x, w) && stays(y, h);
}

interface Pair extends RelativeBox {
  readonly image: number;
}

/** The relative box that most images have a pair of. */
function measureRelative(sample: readonly SampleImage[]): RelativeBox | undefined {
  const pairs: Pair[] = [];
  const boxes = layOut(sample, 'xywh');
  forEachVotingPair(sample, boxes, ({ facesXywh: faces }, image) => (at, face) => {
    const w = boxes[image][at + 2] / faces[face + 2];
    if (!(Math.max(w, 1 / w) < mostTimes)) return;
    const h = boxes[image][at + 3] / faces[face + 3];
    if (!(Math.max(h, 1 / h) < mostTimes)) return;
    const x = (boxes[image][at] - faces[face]) / faces[face + 2];
    const y = (boxes[image][at + 1] - faces[face + 1]) / faces[face + 3];
    if (Math.max(Math.abs(x), Math.abs(y)) < mostOff) pairs.push({ x, y, w, h, image });
  });
  const seed = densest(pairs);
  if (seed === undefined) return undefined;
  const best = nearest(pairs, seed);
  return best.length < 2 ? undefined : middle(nearest(pairs, middle(best)));
}

/**
 * Of the pairs that are tried the first that most images have a pair near; undefined without pairs. Most are left after a few images,
 * where the images that are left cannot make them the best.
 *
 * @param pairs in the order of their images.
 */
function densest(pairs: readonly Pair[]): Pair | undefined {
  if (pairs.length === 0) return undefined;
  const step = Math.max(1, Math.ceil(pairs.length / mostSeeds));
  const values = new Float64Array(4 * pairs.length);
  const images = new Int32Array(pairs.length);
  for (let at = 0; at < pairs.length; at++) {
    const { x, y, w, h, image } = pairs[at];
    values[4 * at] = x;
    values[4 * at + 1] = y;
    values[4 * at + 2] = w;
    values[4 * at + 3] = h;
    images[at] = image;
  }
  // Images that come after each pair's own and have a pair.
  const after = new Int32Array(pairs.length);
  for (let at = pairs.length - 2; at >= 0; at--) after[at] = after[at + 1] + (images[at] === images[at + 1] ? 0 : 1);
  // What the most usual pair reaches, boxes as faces, is known first: others are left the sooner.
  let usual = 0;
  for (let seed = 0; seed < pairs.length; seed += step) if (unlike(pairs[seed]) < unlike(pairs[usual])) usual = seed;
  let best: Pair | undefined;
  let most = countNear(values, images, after, usual, 0) - 1;
  for (let seed = 0; seed < pairs.length; seed += step) {
    const count = countNear(values, images, after, seed, most);
    if (count <= most) continue;
    most = count;
    best = pairs[seed];
  }
  return best;
}

/** How much a detection differs from its face. */
function unlike({ x, y, w, h }: RelativeBox): number {
  return Math.abs(x) + Math.abs(y) + Math.abs(w - 1) + Math.abs(h - 1);
}

/** Images that have a pair near that at `seed`; some number of at most `most` where they are not more. */
function countNear(values: Float64Array, images: Int32Array, after: Int32Array, seed: number, most: number): number {
  const x = values[4 * seed];
  const y = values[4 * seed + 1];
  const w = values[4 * seed + 2];
  const h = values[4 * seed + 3];
  let count = 0;
  let last = -1;
  for (let pair = 0; pair < images.length; pair++) {
    const image = images[pair];
    if (image === last) continue;
    // Every image from this one on would not make them more.
    if (count + 1 + after[pair] <= most) return count;
    const at = 4 * pair;
    const corner = Math.max(Math.abs(values[at] - x) / w, Math.abs(values[at + 1] - y) / h);
    if (!(corner < tolerance)) continue;
    if (!(Math.max(Math.abs(Math.log(values[at + 2] / w)), Math.abs(Math.log(values[at + 3] / h))) < tolerance))
      continue;
    count++;
    last = image;
  }
  return count;
}

/** The pair of each image that is nearest to a relative box, if it is near. */
function nearest(pairs: readonly Pair[], box: RelativeBox): Pair[] {
  const own: { pair: Pair; off: number }[] = [];
  for (const pair of pairs) {
    const corner = Math.max(Math.abs(pair.x - box.x) / box.w, Math.abs(pair.y - box.y) / box.h);
    // Most are far, and the logarithms are dear.
    if (!(corner < tolerance)) continue;
    const off = Math.max(corner, Math.abs(Math.log(pair.w / box.w)), Math.abs(Math.log(pair.h / box.h)));
    if (off < tolerance && off < (own[pair.image]?.off ?? tolerance)) own[pair.image] = { pair, off };
  }
  return own.filter((kept) => kept !== undefined).map(({ pair }) => pair);
}

function middle(pairs: readonly RelativeBox[]): RelativeBox {
  const median = (of: (pair: RelativeBox) => number): number => quantile(pairs.map(of), 0.5);
  return { x: median(({ x }) => x), y: median(({ y }) => y), w: median(({ w }) => w), h: median(({ h }) => h) };
}
