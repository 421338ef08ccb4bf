import { ProtocolError } from '@retinabench/core/basics';
import { stableDescending } from '@retinabench/results';
import { type JudgedDetections, outcomeOf } from '../calibration/judged-detections.js';

/** A detector used at one score: detections of at least `score` are taken. */
export interface OperatingCounts {
  readonly score: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** What a detector does at each score that it gives, from the highest down. */
export interface OperatingCurve {
  /** Float64Array [scores]: distinct, descending. */
  readonly scores: Float64Array;
  /** Int32Array [scores]: hits and false positives of at least that score. */
  readonly truePositives: Int32Array;
  readonly falsePositives: Int32Array;
  /** Counted faces, and all images that were evaluated, with and without faces. */
  readonly faces: number;
  readonly images: number;
}

/**
 * The curve of a detector over its distinct scores; ignored detections are left out.
 *
 * @throws {ProtocolError} if a score is not finite.
 * Cost: O(detections).
 */
export function operatingCurve({ start, scores, outcomes, faces, ranking }: JudgedDetections): OperatingCurve {
  for (let index = 0; index < scores.length; index++) {
    if (!Number.isFinite(scores[index])) throw new ProtocolError('operating points: expected finite scores');
  }
  const order = ranking ?? stableDescending(scores);
  const distinct = new Float64Array(order.length);
  const truePositives = new Int32Array(order.length);
  const falsePositives = new Int32Array(order.length);
  let count = 0;
  let hits = 0;
  let errors = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const outcome = outcomes[order[rank]];
    if (outcome === outcomeOf.ignored) continue;
    const score = scores[order[rank]];
    if (outcome === outcomeOf.hit) hits++;
    else errors++;
    if (count === 0 || distinct[count - 1] !== score) distinct[count++] = score;
    truePositives[count - 1] = hits;
    falsePositives[count - 1] = errors;
  }
  return {
    scores: distinct.subarray(0, count),
    truePositives: truePositives.subarray(0, count),
    falsePositives: falsePositives.subarray(0, count),
    faces: faces.reduce((sum, count) => sum + count, 0),
    images: start.length - 1,
  };
}

/** What counts make of a detector; a share that divides by nothing is absent. */
export interface OperatingRates {
  /** Of the detections that count. */
  readonly precision?: number;
  /** Of the counted faces. */
  readonly recall?: number;
  /** Harmonic mean of both: 2 hits / (2 hits + false positives + missed faces). */
  readonly f1?: number;
  /** False positives per image. */
  readonly fppi: number;
}

/** The rates of counts on `faces` counted faces of `images` images. */
export function operatingRates(
  { truePositives, falsePositives }: Omit<OperatingCounts, 'score'>,
  faces: number,
  images: number,
): OperatingRates {
  const detections = truePositives + falsePositives;
  return {
    ...(detections === 0 ? {} : { precision: truePositives / detections }),
    ...(faces === 0 ? {} : { recall: truePositives / faces }),
    ...(faces + detections === 0 ? {} : { f1: (2 * truePositives) / (faces + detections) }),
    fppi: falsePositives / images,
  };
}
