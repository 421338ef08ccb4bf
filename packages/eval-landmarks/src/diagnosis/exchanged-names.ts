import { formatCount, formatShare, quantile } from '@retinabench/results';
import { offFaceShape } from './face-shape.js';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { fivePointsOf, offUnderOwnNames, soundShape } from './own-names.js';

/** Faces that are needed. */
const fewestFaces = 3;

/** Share of the distance from the shape of a face that other names have to leave. */
const tellingShare = 0.5;

/** Share of the faces that the other names have to fit better. */
const mostOfFaces = 0.8;

const parts = ['left eye', 'right eye', 'nose', 'left corner of the mouth', 'right corner of the mouth'] as const;

/**
 * Whether five annotated points make no face under their names and make one under others, such as the nose exchanged with an eye.
 * Predictions that follow the same names hide it.
 *
 * @returns nothing where the scheme has no eyes, nose and mouth, or fewer than three faces have all of them.
 * Cost: 154 views a face, of at most 120 faces; 26 times that where their shape is not sound.
 */
export function diagnoseExchangedNames({ annotated }: LandmarkInput): LandmarkFinding[] {
  const faces = fivePointsOf(annotated);
  if (faces.length < fewestFaces) return [];
  const given = offUnderOwnNames(faces);
  const asGiven = quantile(given, 0.5);
  if (asGiven < soundShape) return [];
  const [best] = orders(parts.length)
    .map((order) => ({ order, off: faces.map((face) => offFaceShape(face, order, 'usual')) }))
    .map((one) => ({ ...one, median: quantile(one.off, 0.5) }))
    .sort((a, b) => a.median - b.median);
  const better = best.off.filter((off, face) => off < given[face]).length;
  if (best.median > tellingShare * asGiven || best.median > soundShape || better < mostOfFaces * faces.length)
    return [];
  const moved = best.order.flatMap((point, part) =>
    point === part ? [] : [`the point called ${parts[point]} for the ${parts[part]}`],
  );
  return [
    {
      code: 'points-misnamed',
      level: 'error',
      evidence: `the points make a face in ${formatShare(better / faces.length)} of ${formatCount(faces.length)} annotated faces if one takes ${moved.join(', ')}, and none under their own names: the shape of a head leaves ${formatShare(best.median)} of them unexplained, instead of ${formatShare(asGiven)}`,
      effect:
        'errors of single points are called by other names, and a normaliser by the eyes divides by another length',
      fix: `name the points of ${annotated.place} by what they show, in the order of ${annotated.scheme.id}`,
    },
  ];
}

/** All orders of that many points. */
function orders(count: number): number[][] {
  if (count === 0) return [[]];
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
  );
}
