import { ProtocolError } from '@retinabench/core/basics';
import { eventOf } from '../ground-truth/ground-truth.js';
import type { WiderPredictions } from './predictions.js';

/** How far the images lie ahead of the files that hold their detections. */
export interface FileShift {
  /** 1: each file holds the detections of the next image, in the order of names; the last holds those of the first. */
  readonly by: number;
  /** The event whose files are shifted within it; absent: all files. */
  readonly event?: string;
}

/**
 * The shift that a text names: `1`, `-2`, `1@0--Parade`.
 *
 * @throws {ProtocolError} if it is none.
 */
export function parseFileShift(text: string): FileShift {
  const [, by, event] = /^(-?[1-9]\d{0,5})(?:@(.+))?$/s.exec(text) ?? [];
  if (by === undefined) {
    throw new ProtocolError(
      `file shift: expected a number of images but 0, or NUMBER@EVENT, got ${JSON.stringify(text)}`,
    );
  }
  return { by: Number(by), ...(event === undefined ? {} : { event }) };
}

/** Predictions with each file's detections given to the image `by` further on in the order of names. */
export function shiftFiles(predictions: WiderPredictions, { by, event }: FileShift): WiderPredictions {
  const { images } = predictions;
  const order = images
    .map((_, place) => place)
    .filter((place) => event === undefined || eventOf(images[place]) === event)
    .sort((a, b) => (images[a] < images[b] ? -1 : 1));
  const renamed = [...images];
  const count = order.length;
  order.forEach((place, position) => {
    renamed[place] = images[order[(((position + by) % count) + count) % count]];
  });
  return { ...predictions, images: renamed };
}
