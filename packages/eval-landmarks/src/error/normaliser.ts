import { ProtocolError } from '@retinabench/core';
import type { LandmarkSet } from '../set/landmark-set.js';
import { pointsExtent } from '../set/points-extent.js';

/** Lengths of an annotated face that its error is divided by. */
export type NormaliserName =
  | 'outer-corners'
  | 'eye-centres'
  | 'box'
  | 'box-diagonal'
  | 'points-box'
  | 'points-diagonal'
  | 'pixels';

/** Every normaliser, with what it is in words; `score --help` and docs/landmarks.md show it. */
export const normalisers: Readonly<Record<NormaliserName, string>> = {
  'outer-corners': 'distance of the outer corners of the eyes, "inter-ocular" in 300-W, COFW and WFLW',
  'eye-centres': 'distance of the centres of the eyes, "inter-pupil" in some papers and "inter-ocular" in others',
  box: 'sqrt(width x height) of the annotated box, as RetinaFace and AFLW',
  'box-diagonal': 'diagonal of the annotated box',
  'points-box': 'sqrt(width x height) of the box around the annotated points, as AFLW2000-3D and 300W-LP',
  'points-diagonal': 'diagonal of the box around the annotated points',
  pixels: 'none: errors in pixels of the image',
};

/**
 * The length of every annotated face that its error is divided by. It is of the annotation, never of the prediction.
 *
 * @param annotated faces with points, and with boxes where the normaliser is of boxes.
 * @returns Float64Array [faces]: pixels; NaN where a face lacks what the length is of, or it is 0.
 * @throws {ProtocolError} if no face can have the length: its scheme of points names no eyes, or there are no boxes.
 */
export function faceLengths(annotated: LandmarkSet, normaliser: NormaliserName): Float64Array {
  const length = lengthOf(annotated, normaliser);
  const lengths = new Float64Array(annotated.faces);
  for (let face = 0; face < lengths.length; face++) {
    const px = length(face);
    lengths[face] = px > 0 && Number.isFinite(px) ? px : Number.NaN;
  }
  return lengths;
}

function lengthOf(annotated: LandmarkSet, normaliser: NormaliserName): (face: number) => number {
  const { scheme, place, boxesXywh, pointNames } = annotated;
  const called = scheme.id === 'points-5' && pointNames !== undefined ? pointNames.join(', ') : scheme.id;
  switch (normaliser) {
    case 'outer-corners': {
      const corners = scheme.outerCorners;
      if (corners === undefined) throw lacking(place, normaliser, `the points ${called} have no outer eye corners`);
      return (face) => distanceOfMeans(annotated, face, [corners[0]], [corners[1]]);
    }
    case 'eye-centres': {
      const eyes = scheme.eyes;
      if (eyes === undefined)
        throw lacking(
          place,
          normaliser,
          `the points ${called} ${called === scheme.id ? 'name no eyes' : 'are not the known five'}`,
        );
      return (face) => distanceOfMeans(annotated, face, eyes[0], eyes[1]);
    }
    case 'box':
    case 'box-diagonal': {
      if (boxesXywh === undefined) throw lacking(place, normaliser, 'the annotation has no boxes');
      return (face) => {
        const [width, height] = [boxesXywh[face * 4 + 2], boxesXywh[face * 4 + 3]];
        // Two negative sides have a positive product, and are not a box.
        if (!(width > 0 && height > 0)) return Number.NaN;
        return normaliser === 'box' ? Math.sqrt(width * height) : Math.hypot(width, height);
      };
    }
    case 'points-box':
    case 'points-diagonal':
      return (face) => {
        const [left, top, right, bottom] = pointsExtent(annotated, face);
        const [width, height] = [right - left, bottom - top];
        return normaliser === 'points-box' ? Math.sqrt(width * height) : Math.hypot(width, height);
      };
    case 'pixels':
      return () => 1;
  }
}

function lacking(place: string, normaliser: NormaliserName, why: string): ProtocolError {
  return new ProtocolError(
    `${place}: normaliser ${normaliser}: ${why}; choose another of ${Object.keys(normalisers).join(', ')}`,
  );
}

/** Distance of the means of two groups of points of a face; NaN where one of them is not given. */
function distanceOfMeans(
  { points, scheme }: LandmarkSet,
  face: number,
  left: readonly number[],
  right: readonly number[],
): number {
  const mean = (members: readonly number[], axis: number): number => {
    let sum = 0;
    for (const member of members) sum += points[(face * scheme.count + member) * 2 + axis];
    return sum / members.length;
  };
  return Math.hypot(mean(left, 0) - mean(right, 0), mean(left, 1) - mean(right, 1));
}
