import { formatShare } from '@retinabench/results';
import type { WiderPredictions } from '../predictions/predictions.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';

/** Whether widths and heights are negative. */
export function diagnoseNegative({ predictions, origin }: DiagnosisInput): Diagnosis[] {
  const { boxesXywh: boxes } = predictions;
  const negative = shareOf(predictions, (at) => boxes[at + 2] < 0 || boxes[at + 3] < 0);
  if (negative === 0) return [];
  return [
    {
      code: 'negative-boxes',
      level: negative > 0.01 ? 'error' : 'warning',
      evidence: `${formatShare(negative)} of the detections have a negative width or height`,
      effect: 'such a detection can find no face',
      fix:
        origin === 'detector'
          ? 'correct what the card of the model says of its boxes'
          : 'read x y w h as they are (no --boxes xyxy), or write x1 <= x2 and y1 <= y2',
    },
  ];
}

/**
 * How far beyond all annotated faces a detection must lie to be outside an image of unknown size: images reach further
 * than their faces.
 */
const margin = 1.5;

/** Images whose faces tell how far images reach, where sizes are unknown. */
const fewestImages = 20;

/** The best detections of an image: networks put boxes of low score into the bars of a letterbox. */
const leastBest = 3;
const bestPerFace = 2;

/** Share of them from which on it is said. */
const outsideShare = 0.05;

/** Whether boxes lie on the images, judged by the images' sizes or, where unknown, by the extent of all faces. */
export function diagnoseOutside(input: DiagnosisInput): Diagnosis[] {
  const { groundTruth, predictions } = input;
  const sizeOf = input.allSizesKnown === true ? input.sizeOf : undefined;
  if (sizeOf === undefined && groundTruth.images.length < fewestImages) return [];
  const { boxesXywh: faces } = groundTruth;
  const { images, start, boxesXywh: boxes } = predictions;
  const extent = { widthPx: 0, heightPx: 0 };
  for (let at = 0; at < faces.length; at += 4) {
    extent.widthPx = Math.max(extent.widthPx, margin * (faces[at] + faces[at + 2]));
    extent.heightPx = Math.max(extent.heightPx, margin * (faces[at + 1] + faces[at + 3]));
  }
  let outside = 0;
  let looked = 0;
  let firstImage = '';
  const facesOf = new Map(
    groundTruth.images.map((name, image) => [name, groundTruth.start[image + 1] - groundTruth.start[image]]),
  );
  images.forEach((name, image) => {
    const { widthPx, heightPx } = sizeOf?.(name) ?? extent;
    const last = Math.min(start[image + 1], start[image] + leastBest + bestPerFace * (facesOf.get(name) ?? 0));
    looked += last - start[image];
    for (let at = 4 * start[image]; at < 4 * last; at += 4) {
      const x = boxes[at] + boxes[at + 2] / 2;
      const y = boxes[at + 1] + boxes[at + 3] / 2;
      if (x >= 0 && y >= 0 && x <= widthPx && y <= heightPx) continue;
      if (outside++ === 0) firstImage = name;
    }
  });
  const share = outside / Math.max(looked, 1);
  if (share < outsideShare) return [];
  return [
    {
      code: 'boxes-outside',
      level: share > 0.5 ? 'error' : 'warning',
      evidence: `${formatShare(share)} of the best detections of each image have their centre outside ${sizeOf === undefined ? `0..${Math.round(extent.widthPx)} x 0..${Math.round(extent.heightPx)}, ${margin} times the extent of all faces` : 'their image'}, first in ${firstImage}`,
      effect: 'such a detection can find no face and counts as a false positive',
      fix:
        input.origin === 'detector'
          ? 'correct what the card of the model says of its boxes, or of how the image is brought to its input'
          : 'write boxes in pixels of the original image: undo padding and offset; --box-scale FACTOR undoes a resize',
    },
  ];
}

function shareOf({ boxesXywh }: WiderPredictions, holds: (at: number) => boolean): number {
  let count = 0;
  for (let at = 0; at < boxesXywh.length; at += 4) if (holds(at)) count++;
  return count / Math.max(boxesXywh.length / 4, 1);
}
