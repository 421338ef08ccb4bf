import {
  type ApInfluence,
  candidatePairs,
  detectionOutcome,
  type RecallGrid,
  rankedInfluence,
} from '@retinabench/results';
import { facesPerImage } from '../match/faces-per-image.js';
import type { MatchingInput } from '../match/prepare-matching.js';
import { elevenPointInfluence } from './eleven-influence.js';
import { elevenPointAp, elevenRecalls, endPrecision, envelopeArea } from './integrals.js';

/** What VOC's metric is asked for. */
export interface VocOptions {
  /** IoU that a detection needs; VOC's: 0.5. */
  readonly iou: number;
  /** 1: widths and heights are taken one pixel larger, as the devkit does for inclusive corners; 0: continuous boxes. */
  readonly addedPx: 0 | 1;
}

/** VOC's average precision, both integrals. */
export interface VocMetrics {
  /** Area under the envelope of the curve, VOC 2010 on. */
  readonly allPoint: number;
  /** Mean of the best precision from the recalls 0, 0.1 ... 1 on, VOC 2007. */
  readonly elevenPoint: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  /** Detections that go to a face that does not count. */
  readonly dropped: number;
  /** Of each image on both. */
  readonly influence: { readonly allPoint: ApInfluence; readonly elevenPoint: ApInfluence };
  /** Where the curve of `elevenPoint` ends. */
  readonly grid: RecallGrid;
}

/**
 * Average precision as the VOC devkit defines it: every detection goes to the face that it overlaps most, whether that
 * face counts or not, and of equal ones to the first. One that goes to a face that does not count is dropped, one to a
 * face that has been found is a false positive: it does not go on to its next best face, as COCO's does. A crowd is a
 * difficult face like any other.
 *
 * @returns undefined if no face counts.
 * Cost: O(detections + pairs), and the pairs anew with `addedPx`.
 * Source: VOCevaldet.m of the devkit of 2012 (a threshold that is reached counts); corners are x and x + w here, so that
 * annotations in VOC's own inclusive corners need no added pixel once they are read as x = xmin - 1, w = xmax - xmin + 1.
 */
export function evaluateVoc(input: MatchingInput, { iou, addedPx }: VocOptions): VocMetrics | undefined {
  const { faces: evaluated, boxesXywh, ranked } = input;
  const faces = facesPerImage(evaluated.start, evaluated.counted);
  const total = faces.reduce((sum, of) => sum + of, 0);
  if (total === 0) return undefined;
  const { start, boxesXywh: faceBoxes, counted } = evaluated;
  const {
    start: from,
    face,
    overlap,
  } = candidatePairs({ start, boxesXywh: faceBoxes }, boxesXywh, ranked, iou, addedPx);
  const outcomes = new Uint8Array(ranked.detection.length);
  const found = new Uint8Array(counted.length);
  const numbers = { truePositives: 0, falsePositives: 0, dropped: 0 };
  for (let rank = 0; rank < outcomes.length; rank++) {
    let best = -1;
    let bestOverlap = iou;
    for (let pair = from[rank]; pair < from[rank + 1]; pair++) {
      const value = overlap[pair];
      if (value < bestOverlap || (value === bestOverlap && best >= 0 && face[pair] > best)) continue;
      best = face[pair];
      bestOverlap = value;
    }
    if (best < 0 ? input.tooSmall?.[rank] === 1 : counted[best] === 0) {
      outcomes[rank] = detectionOutcome.ignored;
      numbers.dropped++;
    } else if (best < 0 || found[best] === 1) {
      outcomes[rank] = detectionOutcome.falsePositive;
      numbers.falsePositives++;
    } else {
      found[best] = 1;
      outcomes[rank] = detectionOutcome.truePositive;
      numbers.truePositives++;
    }
  }
  const allPoint = envelopeArea(outcomes, total);
  const elevenPoint = elevenPointAp(outcomes, total);
  const { truePositives } = numbers;
  const ranks = { outcomes, image: ranked.image, faces };
  const influence = {
    allPoint: rankedInfluence(ranks, allPoint),
    elevenPoint: elevenPointInfluence(ranks, elevenPoint),
  };
  if (influence.allPoint === undefined || influence.elevenPoint === undefined) return undefined;
  return {
    allPoint,
    elevenPoint,
    ...numbers,
    influence: { allPoint: influence.allPoint, elevenPoint: influence.elevenPoint },
    grid: { recall: [truePositives / total], step: [endPrecision(outcomes) / elevenRecalls], recalls: elevenRecalls },
  };
}
