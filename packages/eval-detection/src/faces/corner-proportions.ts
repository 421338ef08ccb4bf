import type { Annotations } from '@retinabench/annotations';
import { type Finding, formatCount, formatShare, quantile } from '@retinabench/results';
import type { AnnotationsCode } from './annotations-code.js';

/** Faces from which on it can be told. */
const fewest = 20;

/** Share of the faces whose numbers have to be ordered as those of corners are. */
const nearlyAll = 0.98;

/** How much less the proportions of the faces have to differ, read as corners. */
const timesLess = 0.7;

/** Mean share by which sides are larger than corners would have them, from which on it matters. */
const leastLarger = 0.15;

/**
 * Whether faces near the upper left of their images may be corners, x1 y1 x2 y2, that were read as x y width height, though none
 * leaves its image: faces are alike in their proportions, and so read they are far more alike. Detections that were misread alike
 * hide it from every comparison of the two.
 *
 * Honest boxes are less alike so read, since x and y have nothing to do with the proportions of a face.
 * Cost: O(faces log faces).
 */
export function diagnoseCornerProportions({ boxesXywh: boxes }: Annotations): Finding<AnnotationsCode>[] {
  const faces = boxes.length / 4;
  if (faces < fewest) return [];
  const given: number[] = [];
  const read: number[] = [];
  let larger = 0;
  for (let at = 0; at < boxes.length; at += 4) {
    const [x, y, w, h] = boxes.subarray(at, at + 4);
    if (!(w > x && h > y && x >= 0 && y >= 0)) continue;
    given.push(Math.log(h / w));
    read.push(Math.log((h - y) / (w - x)));
    larger += (x / (w - x) + y / (h - y)) / 2;
  }
  if (given.length < nearlyAll * faces || larger < leastLarger * given.length) return [];
  const [asGiven, asRead] = [spread(given), spread(read)];
  if (!(asGiven > 0) || asRead > timesLess * asGiven) return [];
  return [
    {
      code: 'faces-corners',
      level: 'warning',
      evidence: `the faces differ in their proportions by a factor of ${Math.exp(asGiven).toFixed(2)} between the quarters of them, and by ${Math.exp(asRead).toFixed(2)} if they are read as the corners x1 y1 x2 y2, which ${formatCount(given.length)} of ${formatCount(faces)} (${formatShare(given.length / faces)}) can be`,
      effect:
        'if they are corners, boxes are too large by their own x and y, and sizes are of no face; predictions that were written alike hide it',
      fix: 'look at some boxes drawn on their images; write x, y, width, height (of CSV and JSON lines, --gt-boxes xyxy reads corners), of predictions too',
    },
  ];
}

/** Distance of the quartiles. */
function spread(values: readonly number[]): number {
  return quantile(values, 0.75) - quantile(values, 0.25);
}
