import { DatasetError } from '@retinabench/core/basics';
import type { DetectionImages, DetectionResult, RecallGrid } from '../record/detection-result.js';
import type { ResultRecord } from '../record/record.js';
import { type ApDifference, influenceDifference } from './ap-difference.js';
import { columnInfluence, isLowerBetter } from './detection-influence.js';
import { requireOneProtocol } from './one-protocol.js';

/**
 * The difference in one number of two detection records on the same images, with its paired interval.
 *
 * @param name such as `ap` or `missRate`.
 * @returns undefined if one of them lacks the number or what it takes of the images. Where lower is better, difference and
 * interval are of the number, and what the images could lose or gain of 1 less it.
 * @throws {ProtocolError} if the protocols differ (`differingSettings`).
 * @throws {DatasetError} if the two do not have the same images and counted faces.
 * Cost: O(images).
 */
export function pairedDetectionDifference(
  baseline: ResultRecord,
  candidate: ResultRecord,
  name: string,
): ApDifference | undefined {
  const [was, is] = [baseline.detection, candidate.detection];
  if (was?.images === undefined || is?.images === undefined) return undefined;
  if (was.values[name] === undefined || is.values[name] === undefined) return undefined;
  requireOneProtocol(baseline, candidate);
  const order = sameImages(was.images, is.images);
  const before = columnInfluence(was.images, name, goodness(was, name));
  const after = columnInfluence(is.images, name, goodness(is, name), order);
  if (before === undefined || after === undefined) return undefined;
  const differsAt = before.facesOf.findIndex((faces, image) => faces !== after.facesOf[image]);
  if (differsAt >= 0) {
    throw new DatasetError(
      `image ${was.images.names[differsAt]}: expected ${before.facesOf[differsAt]} counted faces as in the baseline, got ${after.facesOf[differsAt]}; the annotations differ`,
    );
  }
  const digests = is.images.digests;
  const differing = was.images.digests.flatMap((digest, image) => (digest === digests[order[image]] ? [] : [image]));
  const jump = jumpOf(was.images.influence[name].grid, is.images.influence[name].grid);
  const difference = influenceDifference(before.effect, after.effect, before.facesOf, differing, jump);
  return isLowerBetter(name) ? turned(difference) : difference;
}

/** A change in recall of this share of the distance between two recalls passes one as often as an interval may err. */
const seldom = 0.05;

/**
 * What the difference of two APs of 101 recalls, or others, may be off by where their curves end. A change in recall of a share p of the
 * distance between two recalls passes one with probability p, which changes the AP by a step; other images would have had
 * the recalls lie otherwise. Steps at several IoUs add up as independent ones.
 */
function jumpOf(was: RecallGrid | undefined, is: RecallGrid | undefined): number {
  if (was === undefined || is === undefined) return 0;
  const steps = (was.recalls ?? 101) - 1;
  const jumps = was.recall.map((recall, at) => {
    const passed = Math.abs((is.recall[at] ?? recall) - recall) * steps;
    return Math.min(1, passed / seldom) * Math.max(was.step[at], is.step[at] ?? 0);
  });
  return Math.hypot(...jumps) / Math.max(1, jumps.length);
}

function goodness({ values }: DetectionResult, name: string): number {
  return isLowerBetter(name) ? 1 - values[name] : values[name];
}

/** The same difference of 1 less the number. */
function turned(difference: ApDifference): ApDifference {
  const [low, high] = difference.interval;
  const [least, most] = difference.bounds;
  const { spread, unseen } = difference;
  return {
    ...difference,
    difference: -difference.difference,
    interval: [-high, -low],
    bounds: [-most, -least],
    spread: { ...spread, skewness: -spread.skewness },
    unseen: { loss: unseen.gain, gain: unseen.loss },
  };
}

/** Where each image of the baseline is in the other record. */
function sameImages(baseline: DetectionImages, images: DetectionImages): Int32Array {
  const places = new Map(images.names.map((name, index) => [name, index]));
  if (baseline.names.length !== images.names.length) {
    throw new DatasetError(
      `expected two records of the same images, got ${baseline.names.length} in the baseline and ${images.names.length}; run both on one data set`,
    );
  }
  return Int32Array.from(baseline.names, (name) => {
    const place = places.get(name);
    if (place === undefined) {
      throw new DatasetError(`image ${name} is in the baseline and not in the record; run both on one data set`);
    }
    return place;
  });
}
