import { ShapeError } from '@retinabench/core/basics';
import { stableDescending } from './stable-descending.js';

/** Where the detections of each image of a set stand in flat arrays. */
export interface DetectionRanges {
  /** Int32Array [images]: the detections of image i are first[i] .. end[i] - 1; equal where it has none. */
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/** The detections of a set of images by descending score. A rank is the place of a detection in this order, from 0. */
export interface RankedDetections {
  /** Int32Array [detections]: index of the detection at each rank. */
  readonly detection: Int32Array;
  /** Float64Array [detections]: its score, descending. */
  readonly scores: Float64Array;
  /** Int32Array [images + 1]: the ranks of image i are byImage[start[i]] .. byImage[start[i + 1] - 1], best first. */
  readonly start: Int32Array;
  /** Int32Array [detections]: ranks, by image and ascending within it. */
  readonly byImage: Int32Array;
  /** Int32Array [detections]: the image of the detection at each rank. */
  readonly image: Int32Array;
  /** Int32Array [detections]: at each rank the place of the detection among those of its image, from 0. */
  readonly place: Int32Array;
}

/**
 * Order detections by descending score. The order is stable: equal scores stand in the order of the images and, within an
 * image, of the file, as `argsort(-scores, kind='mergesort')` over concatenated images gives it.
 *
 * @param scores Float64Array, finite, as the ranges index it.
 * @param limit  the most detections of an image that take part, its best ones; all by default.
 * @throws {ShapeError} if a score is not a number, a range leaves the array or the ranges differ in number.
 * Cost: O(detections), a radix sort; 3 million take 0.3 s.
 */
export function rankDetections(
  scores: Float64Array,
  { first, end }: DetectionRanges,
  limit: number = Number.POSITIVE_INFINITY,
): RankedDetections {
  const images = first.length;
  const count = checkedCount(scores, first, end);
  const listed = new Int32Array(count);
  const imageOf = new Int32Array(count);
  let at = 0;
  for (let image = 0; image < images; image++) {
    for (let detection = first[image]; detection < end[image]; detection++) {
      listed[at] = detection;
      imageOf[at++] = image;
    }
  }
  const order = stableDescending(gather(scores, listed));
  const taken = new Int32Array(images);
  let ranks = 0;
  const places = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const position = order[index];
    const image = imageOf[position];
    if (taken[image] >= limit) continue;
    places[ranks] = taken[image]++;
    order[ranks++] = position;
  }
  const start = new Int32Array(images + 1);
  for (let image = 0; image < images; image++) start[image + 1] = start[image] + taken[image];
  const byImage = new Int32Array(ranks);
  for (let rank = 0; rank < ranks; rank++) byImage[start[imageOf[order[rank]]] + places[rank]] = rank;
  const detection = new Int32Array(ranks);
  const image = new Int32Array(ranks);
  for (let rank = 0; rank < ranks; rank++) {
    detection[rank] = listed[order[rank]];
    image[rank] = imageOf[order[rank]];
  }
  return {
    detection,
    scores: gather(scores, detection),
    start,
    byImage,
    image,
    place: places.slice(0, ranks),
  };
}

function gather(scores: Float64Array, indices: Int32Array): Float64Array {
  const gathered = new Float64Array(indices.length);
  for (let at = 0; at < indices.length; at++) gathered[at] = scores[indices[at]];
  return gathered;
}

function checkedCount(scores: Float64Array, first: Int32Array, end: Int32Array): number {
  if (first.length !== end.length) {
    throw new ShapeError(
      `ranges of detections: expected as many ends as starts, got ${end.length} and ${first.length}`,
    );
  }
  let count = 0;
  for (let image = 0; image < first.length; image++) {
    if (first[image] < 0 || end[image] < first[image] || end[image] > scores.length) {
      throw new ShapeError(
        `ranges of detections: image ${image}: expected a range within ${scores.length} scores, got ${first[image]} to ${end[image]}`,
      );
    }
    for (let detection = first[image]; detection < end[image]; detection++) {
      if (Number.isNaN(scores[detection])) {
        throw new ShapeError(`scores: expected a number for detection ${detection}, got NaN; leave it out or score it`);
      }
    }
    count += end[image] - first[image];
  }
  return count;
}
