import { DatasetError, ProtocolError } from '@retinabench/core/basics';
import { isDescending } from './align.js';
import { type BoxFrame, frameToImage, type ImageSize } from './box-frame.js';
import { type BoxLayout, toXywh } from './box-layout.js';
import type { WiderPredictions } from './predictions.js';

/** What a prediction file holds, where it is not what the layout asks for. */
export interface PredictionFormat {
  /** What the four numbers of a box are; default x y w h. */
  readonly boxes?: BoxLayout;
  /** Factor that brings the boxes into pixels of the original image. */
  readonly boxScale?: number;
  /** The frame that the boxes are relative to; default: pixels of the original image. */
  readonly boxFrame?: BoxFrame;
  /** What is added to x and y, in pixels of the original image. */
  readonly boxShift?: BoxShift;
  /** The axes along which the boxes are mirrored. */
  readonly mirrored?: MirroredAxes;
  /** `percent`: 0..100; `logit`: before the sigmoid; `inverted`: 1 - s; `negated`: -s. */
  readonly scores?: ScoreFormat;
}

/** A shift in pixels of the original image. */
export interface BoxShift {
  readonly x: number;
  readonly y: number;
}

/** How a score is written. */
export type ScoreFormat = (typeof scoreFormats)[number];

/** All of them. */
export const scoreFormats = ['probability', 'percent', 'logit', 'inverted', 'negated'] as const;

/** The axes along which boxes are mirrored. */
export type MirroredAxes = (typeof mirroredAxes)[number];

/** All of them. */
export const mirroredAxes = ['none', 'x', 'y', 'xy'] as const;

/** Width and height of an image, where known. */
export type SizeOf = (image: string) => ImageSize | undefined;

/**
 * Bring predictions into the layout's own terms: x y w h in pixels of the original image, scores 0..1, larger where the
 * detector is surer. This says how files are to be read, not how they are evaluated, so it is no part of the protocol.
 *
 * Files that are sorted by inverted or negated scores are sorted again by the right ones, equal ones as in the file.
 *
 * @param sizeOf sizes of the images, which a frame and mirroring need.
 * @returns `predictions` itself where nothing is to be done, else a copy.
 * @throws {ProtocolError} if the scale is not above 0 and finite.
 * @throws {DatasetError} if the size of an image with detections is needed and not known.
 */
export function convertPredictions(
  predictions: WiderPredictions,
  { boxes = 'xywh', boxScale = 1, boxFrame, boxShift, mirrored = 'none', scores = 'probability' }: PredictionFormat,
  sizeOf?: SizeOf,
): WiderPredictions {
  if (!(boxScale > 0) || !Number.isFinite(boxScale)) {
    throw new ProtocolError(`box scale: expected a finite factor above 0, got ${boxScale}`);
  }
  const needsSizes = boxFrame !== undefined || mirrored !== 'none';
  if (boxes === 'xywh' && boxScale === 1 && !needsSizes && boxShift === undefined && scores === 'probability') {
    return predictions;
  }
  const boxesXywh = toXywh(predictions.boxesXywh, boxes, predictions.boxesXywh.slice());
  if (boxScale !== 1) for (let at = 0; at < boxesXywh.length; at++) boxesXywh[at] *= boxScale;
  if (needsSizes) placeInImages({ ...predictions, boxesXywh }, boxFrame, mirrored, sizeOf);
  for (let at = 0; boxShift !== undefined && at < boxesXywh.length; at += 4) {
    boxesXywh[at] += boxShift.x;
    boxesXywh[at + 1] += boxShift.y;
  }
  const converted = { ...predictions, boxesXywh, scores: predictions.scores.map(toProbability[scores]) };
  return scores === 'inverted' || scores === 'negated' ? sortWhereSorted(predictions, converted) : converted;
}

const toProbability: Readonly<Record<ScoreFormat, (score: number) => number>> = {
  probability: (score) => score,
  percent: (score) => score / 100,
  logit: (score) => 1 / (1 + Math.exp(-score)),
  inverted: (score) => 1 - score,
  negated: (score) => -score,
};

/**
 * To the nearest thousandth of a pixel: a fraction of seven decimals tells no more, and boxes of whole pixels become whole
 * again, whose IoU may be a half exactly.
 */
function toGrid(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Bring the boxes of `predictions`, in place, from a frame to pixels of their images. */
function placeInImages(
  { images, start, boxesXywh }: WiderPredictions,
  frame: BoxFrame | undefined,
  mirrored: MirroredAxes,
  sizeOf: SizeOf | undefined,
): void {
  const unknown: string[] = [];
  const round = frame === undefined ? (value: number): number => value : toGrid;
  images.forEach((name, image) => {
    if (start[image] === start[image + 1]) return;
    const size = sizeOf?.(name);
    if (size === undefined) {
      unknown.push(name);
      return;
    }
    const map = frame === undefined ? { scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0 } : frameToImage(frame, size);
    for (let at = 4 * start[image]; at < 4 * start[image + 1]; at += 4) {
      const w = round(boxesXywh[at + 2] * map.scaleX);
      const h = round(boxesXywh[at + 3] * map.scaleY);
      const x = round(boxesXywh[at] * map.scaleX + map.shiftX);
      const y = round(boxesXywh[at + 1] * map.scaleY + map.shiftY);
      boxesXywh[at] = mirrored.includes('x') ? size.widthPx - x - w : x;
      boxesXywh[at + 1] = mirrored.includes('y') ? size.heightPx - y - h : y;
      boxesXywh[at + 2] = w;
      boxesXywh[at + 3] = h;
    }
  });
  if (unknown.length > 0) {
    throw new DatasetError(
      `predictions: expected the sizes of the images, which --box-frame and --mirrored need, got none of ${unknown.length} of ${images.length} (first ${unknown[0]}); name the folder with the images with --data DIR, or evaluate with --images those that are there`,
    );
  }
}

/** Sort the images of `converted` by score that were sorted in `written`. */
function sortWhereSorted(written: WiderPredictions, converted: WiderPredictions): WiderPredictions {
  const { start } = written;
  const boxesXywh = converted.boxesXywh.slice();
  const scores = converted.scores.slice();
  for (let image = 0; image + 1 < start.length; image++) {
    const [from, to] = [start[image], start[image + 1]];
    if (!isDescending(written.scores, from, to)) continue;
    const order = Array.from({ length: to - from }, (_, index) => from + index);
    order.sort((a, b) => converted.scores[b] - converted.scores[a]);
    order.forEach((source, rank) => {
      scores[from + rank] = converted.scores[source];
      boxesXywh.set(converted.boxesXywh.subarray(4 * source, 4 * source + 4), 4 * (from + rank));
    });
  }
  return { ...converted, boxesXywh, scores };
}
