import { quantile } from '@retinabench/results';
import type { SampleImage } from './sample.js';
import type { ReadingScore } from './score-reading.js';
import { forEachVotingPair } from './voting-pairs.js';

/** Sides of a bin of votes, pixels. */
const binPx = 8;

/** How far the sides of a box and a face may differ, as a factor. */
const agreement = 1.25;

/** A shift of all boxes, and how many images ask for it. */
export interface VotedShift {
  readonly x: number;
  readonly y: number;
  readonly images: number;
}

/**
 * Let each image of a sample vote for the shift that brings one of its first detections onto one of its largest faces of
 * the same size, in whole pixels.
 *
 * @param laidOut the sample as x y w h in pixels of the image.
 * @returns the shift with the most votes; undefined if no image votes. Cost: 40 pairs an image.
 */
export function voteForShift(sample: readonly SampleImage[], laidOut: readonly Float64Array[]): VotedShift | undefined {
  const bins = new Map<string, { images: Set<number>; x: number[]; y: number[] }>();
  forEachVotingPair(sample, laidOut, ({ facesXywh }, image) => {
    const boxes = laidOut[image];
    return (at, face) => {
      const w = boxes[at + 2] / facesXywh[face + 2];
      if (!(Math.max(w, 1 / w) < agreement)) return;
      const h = boxes[at + 3] / facesXywh[face + 3];
      if (!(Math.max(h, 1 / h) < agreement)) return;
      const x = facesXywh[face] + facesXywh[face + 2] / 2 - boxes[at] - boxes[at + 2] / 2;
      const y = facesXywh[face + 1] + facesXywh[face + 3] / 2 - boxes[at + 1] - boxes[at + 3] / 2;
      const key = `${Math.round(x / binPx)},${Math.round(y / binPx)}`;
      const bin = bins.get(key) ?? { images: new Set(), x: [], y: [] };
      bins.set(key, bin);
      bin.images.add(image);
      bin.x.push(x);
      bin.y.push(y);
    };
  });
  let best: { images: Set<number>; x: number[]; y: number[] } | undefined;
  for (const bin of bins.values()) if (bin.images.size > (best?.images.size ?? 0)) best = bin;
  if (best === undefined) return undefined;
  return { x: Math.round(quantile(best.x, 0.5)), y: Math.round(quantile(best.y, 0.5)), images: best.images.size };
}

/** Steps by which a voted shift is refined, pixels. */
const steps = [4, 2, 1];

/**
 * Move a voted shift to where detections and faces overlap most: where faces are many and small, their neighbours voted, too.
 *
 * @param scoreAt `scoreShifted` of the sample.
 * Cost: some dozen times the overlap of the sample.
 */
export function refineShift(scoreAt: (x: number, y: number) => ReadingScore, shift: VotedShift): VotedShift {
  let best = { x: shift.x, y: shift.y, overlap: scoreAt(shift.x, shift.y).overlap };
  for (const step of steps) {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [dx, dy] of [
        [step, 0],
        [-step, 0],
        [0, step],
        [0, -step],
      ]) {
        const { overlap } = scoreAt(best.x + dx, best.y + dy);
        if (overlap <= best.overlap) continue;
        best = { x: best.x + dx, y: best.y + dy, overlap };
        moved = true;
      }
    }
  }
  return { x: best.x, y: best.y, images: shift.images };
}
