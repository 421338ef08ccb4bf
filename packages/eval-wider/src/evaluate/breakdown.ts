import {
  apOfCurve,
  type BreakdownBin,
  type Curve,
  type ImageCurves,
  sumCurvesOf,
  thresholdCount,
} from '@retinabench/results';
import { eventOf, type FaceLabel, labelNames } from '../ground-truth/ground-truth.js';
import type { MatchedRun } from '../score/match-run.js';
import { runCurves } from '../score/run-curves.js';

/** Upper ends of the bins of face height, pixels of the image; the last has none. */
const heightEdgesPx = [16, 32, 64, 128, 256] as const;

/** Names of those bins. */
export const heightBins: readonly string[] = ['<16', '16-32', '32-64', '64-128', '128-256', '>=256'];

/** Labels that AP is broken down by. */
const brokenDownBy: readonly FaceLabel[] = ['blur', 'occlusion', 'pose', 'illumination', 'expression'];

/** Bins by name under what they divide: `height`, a label or `event`. */
export type Breakdown = Readonly<Record<string, Readonly<Record<string, BreakdownBin>>>>;

/**
 * AP and recall by face height, label and event.
 *
 * Counted are the faces of the bin that the split `hard` counts; all other faces are ignored, so that they are neither
 * missed nor make their detections false. A detection that goes to no face has no height or label and stays a false
 * positive in every bin of them; in a bin of an event only the images of that event are evaluated. A bin without counted
 * faces has no AP and is left out.
 *
 * @param hard the curves of the split `hard` of the same run.
 * Cost: one pass over the detections, and one over those that go to a face for the heights and each label.
 */
export function breakDown(run: MatchedRun, hard: ImageCurves): Breakdown {
  const { boxesXywh, labels } = run.groundTruth;
  const counted = run.groundTruth.counted.hard;
  const faces = boxesXywh.length / 4;
  const curveOf = runCurves(run);
  const byBin = (names: readonly string[], binOf: (face: number) => number): Record<string, BreakdownBin> => {
    const setOf = new Uint8Array(faces);
    for (let face = 0; face < faces; face++) setOf[face] = counted[face] === 1 ? binOf(face) + 1 : 0;
    const curves = curveOf(setOf, names.length);
    const bins: Record<string, BreakdownBin> = {};
    for (const [index, name] of names.entries()) addBin(bins, name, curves[index]);
    return bins;
  };
  const breakdown: Record<string, Record<string, BreakdownBin>> = {
    height: byBin(heightBins, (face) => heightBin(boxesXywh[4 * face + 3])),
  };
  for (const label of brokenDownBy) breakdown[label] = byBin(labelNames[label], (face) => labels[label][face]);
  breakdown.event = byEvent(run, hard);
  return breakdown;
}

/** Index into `heightBins` of a height. */
export function heightBin(heightPx: number): number {
  let bin = 0;
  while (bin < heightEdgesPx.length && !(heightPx < heightEdgesPx[bin])) bin++;
  return bin;
}

function byEvent({ groundTruth }: MatchedRun, hard: ImageCurves): Record<string, BreakdownBin> {
  const bins: Record<string, BreakdownBin> = {};
  const imagesOf = new Map<string, number[]>();
  groundTruth.images.forEach((name, image) => {
    const event = eventOf(name);
    const images = imagesOf.get(event);
    if (images === undefined) imagesOf.set(event, [image]);
    else images.push(image);
  });
  for (const [event, images] of imagesOf) addBin(bins, event, sumCurvesOf(hard, images));
  return bins;
}

function addBin(bins: Record<string, BreakdownBin>, name: string, curve: Curve): void {
  const ap = apOfCurve(curve);
  if (ap === undefined) return;
  bins[name] = { faces: curve.faces, ap, recall: curve.truePositives[thresholdCount - 1] / curve.faces };
}
