import { DatasetError } from '@retinabench/core/basics';
import type { ImageResult, ResultRecord } from '../record/record.js';
import { type Split, splits } from '../record/split.js';
import { type ApDifference, apDifference, differingImages } from './ap-difference.js';
import { fewImages } from './few-images.js';
import { fewLosses } from './few-losses.js';
import { curvesOfImages } from './image-curves.js';
import { requireOneProtocol } from './one-protocol.js';

/**
 * The difference in AP of two WIDER records, with its paired interval, per split.
 *
 * @returns the splits in which the images count a face.
 * @throws {ProtocolError} if the protocols differ (`differingSettings`): such numbers do not measure the same thing.
 * @throws {DatasetError} if a record has no images, or the two do not have the same images and counted faces.
 * Cost: O(points) for decoding them; 0.1 s on full WIDER FACE validation.
 */
export function pairedDifference(
  baseline: ResultRecord,
  candidate: ResultRecord,
): Partial<Record<Split, ApDifference>> {
  requireOneProtocol(baseline, candidate);
  const baselineImages = imagesOf(baseline, 'the baseline');
  const images = imagesOf(candidate, 'the record');
  const order = sameImages(baselineImages, images);
  const result: Partial<Record<Split, ApDifference>> = {};
  for (const split of splits) {
    const [before, after] = [curvesOfImages(baselineImages, split), curvesOfImages(images, split, order)];
    const difference = apDifference(before, after);
    if (difference === undefined) continue;
    const few = difference.differing > 0 && difference.differing < fewImages;
    const losses = few ? fewLosses(before, after, differingImages(before, after)) : undefined;
    result[split] = losses === undefined ? difference : { ...difference, losses };
  }
  return result;
}

function imagesOf(record: ResultRecord, which: string): readonly ImageResult[] {
  if (record.images === undefined || record.images.length === 0) {
    throw new DatasetError(`${which} has no per-image results, which a paired comparison needs; make it again`);
  }
  return record.images;
}

/** Where each image of `baseline` is in `images`. */
function sameImages(baseline: readonly ImageResult[], images: readonly ImageResult[]): Int32Array {
  const places = new Map(images.map(({ name }, index) => [name, index]));
  if (places.size !== baseline.length || images.length !== baseline.length) {
    throw new DatasetError(
      `expected two records of the same images, got ${baseline.length} in the baseline and ${images.length} (${places.size} distinct); run both on one data set`,
    );
  }
  return Int32Array.from(baseline, ({ name, faces }) => {
    const place = places.get(name);
    if (place === undefined) {
      throw new DatasetError(`image ${name} is in the baseline and not in the record; run both on one data set`);
    }
    const split = splits.find((key) => images[place].faces[key] !== faces[key]);
    if (split !== undefined) {
      throw new DatasetError(
        `image ${name}: expected ${faces[split]} counted faces of ${split} as in the baseline, got ${images[place].faces[split]}; the ground truth differs`,
      );
    }
    return place;
  });
}
