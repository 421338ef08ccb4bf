import type { Annotations } from '@retinabench/annotations';
import { detectionOutcome, type Finding, formatCount, formatShare } from '@retinabench/results';
import { evaluatedFaces } from '../faces/evaluated-faces.js';
import type { FaceSettings } from '../faces/treatment.js';
import { cocoAreas, countedIn, matchFaces, outsideOf } from '../match/match-faces.js';
import { type DetectedBoxes, prepareMatching } from '../match/prepare-matching.js';

/** Images with confident detections from which on the best threshold tells; of fewer, the detections have to be surer. */
const many = 3;

/** Share of the images without a face that have to have one: detectors err on less than half of them. */
const most = 0.5;

/**
 * Find images that are listed without a face though the detector is as sure of faces there as where it is right: they were
 * hardly annotated, and each detection in them counts as false.
 *
 * Sure is a score of at least that of the best F1 over the images with annotated faces, at IoU 0.5; where one or two images
 * are in question, at least the median score of the detections that are right there.
 *
 * @param detected of the images of the annotations, in their order.
 * @returns nothing where every image has a face, or most of those without one have no sure detection.
 * Cost: that of one matching, if there are images without a face.
 */
export function diagnoseUnannotated(
  annotations: Annotations,
  detected: DetectedBoxes,
  settings: FaceSettings,
): Finding<'images-unannotated'>[] {
  const { images, start } = annotations;
  const blank = images.flatMap((_, image) => (start[image] === start[image + 1] ? [image] : []));
  if (blank.length === 0 || blank.length === images.length) return [];
  const scores = rightScores(annotations, detected, blank, settings);
  if (scores === undefined) return [];
  const surest = (image: number): number =>
    detected.scores
      .subarray(detected.ranges.first[image], detected.ranges.end[image])
      .reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const isFew = blank.filter((image) => surest(image) >= scores.best).length < many;
  const threshold = isFew ? Math.max(scores.best, scores.median) : scores.best;
  let detections = 0;
  const sure = blank.filter((image) => {
    const { first, end } = detected.ranges;
    const own = detected.scores.subarray(first[image], end[image]).filter((score) => score >= threshold).length;
    detections += own;
    return own > 0;
  });
  const share = sure.length / blank.length;
  if (sure.length === 0 || share <= most) return [];
  const meaning = isFew ? 'the best threshold (F1) and the median of the right ones' : 'the best threshold (F1)';
  const named = isFew ? sure.map((image) => images[image]).join(', ') : `first ${images[sure[0]]}`;
  return [
    {
      code: 'images-unannotated',
      level: 'warning',
      evidence: `${formatCount(blank.length)} of ${formatCount(images.length)} images have no annotated face, and ${formatCount(sure.length)} of them (${formatShare(share)}) have detections of a score of at least ${threshold.toPrecision(3)}, ${meaning} on the other images, ${named}`,
      effect: `${formatCount(detections)} detections that are as sure as the right ones count as false, which lowers AP if the images have faces`,
      fix: 'look at these images: annotate their faces, or take images that were never annotated out of the annotations; leave those that have no face',
    },
  ];
}

/** Scores of detections over all images but some: of the best F1, and the median of the right ones; undefined if none is right. */
function rightScores(
  annotations: Annotations,
  { ranges, boxesXywh, scores }: DetectedBoxes,
  without: readonly number[],
  settings: FaceSettings,
): { readonly best: number; readonly median: number } | undefined {
  const faces = evaluatedFaces(annotations, settings);
  const end = ranges.end.slice();
  for (const image of without) end[image] = ranges.first[image];
  const input = prepareMatching(faces, { ranges: { first: ranges.first, end }, boxesXywh, scores }, settings.minSizePx);
  const { outcomes } = matchFaces(input, countedIn(input, cocoAreas[0]), outsideOf(input, cocoAreas[0]), 0.5);
  let [hits, taken, bestF1] = [0, 0, 0];
  let best = 0;
  const right: number[] = [];
  for (let rank = 0; rank < outcomes.length; rank++) {
    if (outcomes[rank] === detectionOutcome.ignored) continue;
    taken++;
    if (outcomes[rank] === detectionOutcome.truePositive) {
      hits++;
      right.push(input.ranked.scores[rank]);
    }
    const f1 = (2 * hits) / (faces.numbers.counted + taken);
    if (f1 <= bestF1) continue;
    bestF1 = f1;
    best = input.ranked.scores[rank];
  }
  // By rank: the highest first.
  return right.length === 0 ? undefined : { best, median: right[right.length >>> 1] };
}
