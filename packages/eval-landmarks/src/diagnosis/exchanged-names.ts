import { formatCount, formatShare, quantile } from '@retinabench/results';
import { offFaceShape } from './face-shape.js';
import type { LandmarkFinding, LandmarkInput } from './finding.js';

/** Faces that are needed, and those that are looked at. */
const fewestFaces = 3;
const mostFaces = 120;

/** Median distance from the shape of a face at which names are not doubted, and the share of it that other names have to leave. */
const soundShape = 0.25;
const tellingShare = 0.5;

/** Share of the faces that the other names have to fit better. */
const mostOfFaces = 0.8;

const parts = ['left eye', 'right eye', 'nose', 'left corner of the mouth', 'right corner of the mouth'] as const;

/** Names as they are, of the image's sides and of the person's: both are honest. */
const honest: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4],
  [1, 0, 2, 4, 3],
];

/**
 * Whether five annotated points make no face under their names and make one under others, such as the nose exchanged with an eye.
 * Predictions that follow the same names hide it.
 *
 * @returns nothing where the scheme has no eyes, nose and mouth, or fewer than three faces have all of them.
 * Cost: 66 views a face, of at most 120 faces; 60 times that where their shape is not sound.
 */
export function diagnoseExchangedNames({ annotated }: LandmarkInput): LandmarkFinding[] {
  const faces = fivePointsOf(annotated);
  if (faces.length < fewestFaces) return [];
  const offUnder = (orders: readonly (readonly number[])[]): number[] =>
    faces.map((face) => Math.min(...orders.map((order) => offFaceShape(face, order))));
  const given = offUnder(honest);
  const asGiven = quantile(given, 0.5);
  if (asGiven < soundShape) return [];
  const [best] = orders(honest[0].length)
    .map((order) => ({ order, off: offUnder([order]) }))
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

/** The five points of faces that have them all, evenly chosen: Float64Array [10] each. */
function fivePointsOf({ faces, scheme, points }: LandmarkInput['annotated']): Float64Array[] {
  const { five, count } = scheme;
  if (five === undefined) return [];
  const chosen: Float64Array[] = [];
  const step = Math.max(1, Math.ceil(faces / mostFaces));
  for (let face = 0; face < faces; face += step) {
    const own = Float64Array.from(
      five.flatMap((part) =>
        [0, 1].map(
          (axis) => part.reduce((sum, point) => sum + points[2 * (face * count + point) + axis], 0) / part.length,
        ),
      ),
    );
    if (Number.isFinite(offFaceShape(own, honest[0]))) chosen.push(own);
  }
  return chosen;
}

/** All orders of that many points. */
function orders(count: number): number[][] {
  if (count === 0) return [[]];
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
  );
}
