import { ProtocolError } from '@retinabench/core';
import type { WiderPredictions } from './predictions.js';

/** What stands in a prediction file, where it is not what the layout asks for. */
export interface PredictionFormat {
  /** `xyxy`: the third and fourth number are the right and bottom corner, not width and height. */
  readonly boxes?: 'xywh' | 'xyxy';
  /** Factor that brings the boxes into pixels of the original image. */
  readonly boxScale?: number;
  /** `percent`: 0..100; `logit`: before the sigmoid. */
  readonly scores?: ScoreFormat;
}

/** How a score is written. */
export type ScoreFormat = 'probability' | 'percent' | 'logit';

/** All of them. */
export const scoreFormats: readonly ScoreFormat[] = ['probability', 'percent', 'logit'];

/**
 * Bring predictions into the layout's own terms: x y w h in pixels of the original image, scores 0..1. This says how
 * files are to be read, not how they are evaluated, so it is no part of the protocol.
 *
 * @returns `predictions` itself where nothing is to be done, else a copy.
 * @throws {ProtocolError} if the scale is not above 0 and finite.
 */
export function convertPredictions(
  predictions: WiderPredictions,
  { boxes = 'xywh', boxScale = 1, scores = 'probability' }: PredictionFormat,
): WiderPredictions {
  if (!(boxScale > 0) || !Number.isFinite(boxScale)) {
    throw new ProtocolError(`box scale: expected a finite factor above 0, got ${boxScale}`);
  }
  if (boxes === 'xywh' && boxScale === 1 && scores === 'probability') return predictions;
  const boxesXywh = predictions.boxesXywh.slice();
  for (let at = 0; boxes === 'xyxy' && at < boxesXywh.length; at += 4) {
    boxesXywh[at + 2] -= boxesXywh[at];
    boxesXywh[at + 3] -= boxesXywh[at + 1];
  }
  return {
    ...predictions,
    boxesXywh: boxScale === 1 ? boxesXywh : boxesXywh.map((value) => value * boxScale),
    scores: predictions.scores.map(toProbability[scores]),
  };
}

const toProbability: Readonly<Record<ScoreFormat, (score: number) => number>> = {
  probability: (score) => score,
  percent: (score) => score / 100,
  logit: (score) => 1 / (1 + Math.exp(-score)),
};
