import { DatasetError } from '@retinabench/core';
import { classifyDetections, defaultFaceSettings, usualTideSettings } from '@retinabench/eval-detection';
import {
  ignoreArealessFaces,
  matchPredictions,
  type RuleSet,
  readPredictions,
  restrictPredictions,
  ruleSets,
  scoringProtocol,
  type WiderGroundTruth,
} from '@retinabench/eval-wider';
import { type ResultRecord, splits } from '@retinabench/results';
import { annotationsForErrors } from '../wider/analyse-wider.js';
import type { BrowsedRun } from './browsed-run.js';

/**
 * Match the predictions of a WIDER FACE record by the rules of its protocol.
 *
 * @param groundTruth of all images, whose order the result has.
 * @param place       names the record, for messages.
 * @throws {DatasetError} if the predictions cannot be read, or the record is of images that are not annotated.
 * Cost: as matchPredictions and classifyDetections.
 */
export function matchWider(
  groundTruth: WiderGroundTruth,
  record: ResultRecord,
  place: string,
  predictions: string,
): BrowsedRun {
  const truth = record.protocol.facesWithoutArea === 'ignored' ? ignoreArealessFaces(groundTruth) : groundTruth;
  const rules = ruleSets.find((name) => name === record.protocol.rules) ?? ('python' satisfies RuleSet);
  const protocol = scoringProtocol(rules, record.protocol.order === 'score' ? 'any' : 'strict');
  const read = readPredictions(predictions, { ...protocol, annotated: truth.images });
  const evaluatedNames = new Set(record.images?.map(({ name }) => name) ?? read.images);
  const annotated = new Set(truth.images);
  const unknown = record.images?.find(({ name }) => !annotated.has(name));
  if (unknown !== undefined) {
    throw new DatasetError(
      `${place}: expected images of the annotations, got ${unknown.name}, which is not among them; choose its ground truth with --gt DIR`,
    );
  }
  const { detections, matches } = matchPredictions(truth, restrictPredictions(read, evaluatedNames), protocol);
  const { start, boxesXywh, scores } = detections;
  const images = truth.images.length;
  const face = new Int32Array(scores.length);
  const aside = new Uint8Array(scores.length);
  const evaluated = Uint8Array.from(truth.images, (name) => (evaluatedNames.has(name) ? 1 : 0));
  for (let image = 0; image < images; image++) {
    const first = truth.start[image];
    // The evaluators pass over images without annotated faces, and over what was detected there.
    const isPassedOver = first === truth.start[image + 1] ? 1 : 0;
    for (let at = start[image]; at < start[image + 1]; at++) {
      face[at] = matches.face[at] < 0 ? -1 : matches.face[at] - first;
      aside[at] = isPassedOver;
    }
  }
  const counted = new Uint8Array(truth.boxesXywh.length / 4);
  splits.forEach((split, index) => {
    truth.counted[split].forEach((counts, at) => {
      counted[at] |= counts << index;
    });
  });
  const run = {
    evaluated,
    counted,
    start,
    scores,
    face,
    near: nearFaces(truth, start, boxesXywh, scores),
    aside,
    heightsPx: Float64Array.from(scores, (_, at) => boxesXywh[4 * at + 3]),
  };
  return { run, boxesXywh };
}

/** Int32Array [detections]: the face counted in `hard` that each overlaps most, from 0.1 on, numbered within its image. */
function nearFaces(
  truth: WiderGroundTruth,
  start: Int32Array,
  boxesXywh: Float64Array,
  scores: Float64Array,
): Int32Array {
  const ranges = { first: start.subarray(0, -1), end: start.subarray(1) };
  const { errors, input, source } = classifyDetections(
    annotationsForErrors(truth),
    { ranges, boxesXywh, scores },
    defaultFaceSettings,
    usualTideSettings,
  );
  const near = new Int32Array(scores.length).fill(-1);
  errors.face.forEach((face, rank) => {
    if (face >= 0) near[input.ranked.detection[rank]] = source[face] - truth.start[input.ranked.image[rank]];
  });
  return near;
}
