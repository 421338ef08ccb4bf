import type { Annotations, AttributeColumn } from '@retinabench/annotations';
import { faceLabels, type WiderGroundTruth } from '@retinabench/eval-wider';
import { splits } from '@retinabench/results';

/**
 * WIDER FACE's ground truth as annotations: faces that count in no split are ignored, labels are attributes, and the attribute
 * `splits` has the names of the splits in which a face counts, joined by `+`.
 */
export function annotationsOfWider(groundTruth: WiderGroundTruth): Annotations {
  const { images, start, boxesXywh, landmarks, labels, counted } = groundTruth;
  const faces = start[images.length];
  const inSplits = Array.from({ length: faces }, (_, face) => {
    const names = splits.filter((split) => counted[split][face] === 1);
    return names.length === 0 ? undefined : names.join('+');
  });
  const attributes = new Map<string, AttributeColumn>(
    faceLabels
      .filter((label) => label !== 'invalid')
      .map((label) => [label, { kind: 'number', values: Float64Array.from(labels[label]) }]),
  );
  attributes.set('splits', { kind: 'word', values: inSplits });
  const hasLandmarks = landmarks.some((value) => value !== -1);
  const names = ['left-eye', 'right-eye', 'nose', 'left-mouth', 'right-mouth'];
  return {
    images,
    sizesPx: new Int32Array(2 * images.length),
    start,
    boxesXywh,
    crowd: new Uint8Array(faces),
    ignored: Uint8Array.from(inSplits, (split) => (split === undefined ? 1 : 0)),
    difficult: new Uint8Array(faces),
    ...(hasLandmarks ? { landmarks: { names, points: pointsOf(landmarks) } } : {}),
    attributes,
  };
}

/** Points, NaN where there are -1 -1. */
function pointsOf(landmarks: Float64Array): Float64Array {
  const points = landmarks.slice();
  for (let at = 0; at < points.length; at += 2) {
    if (points[at] === -1 && points[at + 1] === -1) points.fill(Number.NaN, at, at + 2);
  }
  return points;
}
