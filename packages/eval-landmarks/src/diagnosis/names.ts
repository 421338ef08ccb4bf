import { formatCount, formatShare, quantile } from '@retinabench/results';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { fewestSamples } from './order.js';
import { fivePointsOf, offUnderOwnNames, soundShape } from './own-names.js';

/** Share of the faces that have to contradict the names: heads that hang or turn away are fewer. */
const tellingShare = 0.8;

/** How far the tip of the nose may lie beyond the eyes or the mouth, in parts of the distance between them. */
const noseRoom = 0.15;

/** Where the parts of a face lie along the line from the eyes to the mouth. */
interface FaceAxis {
  /** Whether the mouth lies below the eyes in the image. */
  readonly isUpright: boolean;
  /** Of the tip of the nose: 0 at the eyes, 1 at the mouth. */
  readonly nose: number;
}

/**
 * Whether the annotated points contradict what they are called: the nose does not lie between eyes and mouth, or the mouth lies
 * above the eyes. Predictions that follow the same names hide it; normalisers by the eyes then divide by another length.
 *
 * @returns nothing where the scheme has no eyes, nose and mouth, or fewer than three faces have all of them.
 */
export function diagnoseNames({ annotated }: LandmarkInput): LandmarkFinding[] {
  const axes = faceAxes(annotated);
  if (axes.length < fewestSamples) return [];
  const shareOf = (contradicts: (axis: FaceAxis) => boolean): number => axes.filter(contradicts).length / axes.length;
  const astray = shareOf(({ nose }) => !(nose > -noseRoom && nose < 1 + noseRoom));
  const said = (share: number): string => `in ${formatShare(share)} of ${formatCount(axes.length)} annotated faces`;
  const effect =
    'errors of single points are called by other names, and a normaliser by the eyes divides by another length';
  const fix = `name the points of ${annotated.place} by what they show, in the order of ${annotated.scheme.id}`;
  if (astray >= tellingShare && !isFace(annotated)) {
    return [
      {
        code: 'points-misnamed',
        level: 'error',
        evidence: `the point called nose does not lie between those called eyes and mouth ${said(astray)}`,
        effect,
        fix,
      },
    ];
  }
  const turned = shareOf(({ isUpright }) => !isUpright);
  if (turned < tellingShare) return [];
  return [
    {
      code: 'points-misnamed',
      level: 'warning',
      evidence: `the points called mouth lie above those called eyes ${said(turned)}: the names are exchanged, or the images stand on their head`,
      effect,
      fix: `${fix}, or turn the images`,
    },
  ];
}

/** Whether the points make a face all the same: of one that is seen from far above, the nose lies below the mouth. */
function isFace(annotated: LandmarkInput['annotated']): boolean {
  return quantile(offUnderOwnNames(fivePointsOf(annotated)), 0.5) < soundShape;
}

function faceAxes({ faces, scheme, points }: LandmarkInput['annotated']): FaceAxis[] {
  const parts = scheme.five;
  if (parts === undefined) return [];
  const axes: FaceAxis[] = [];
  for (let face = 0; face < faces; face++) {
    const [left, right, nose, mouthLeft, mouthRight] = parts.map((part) => meanOf(points, face * scheme.count, part));
    const eyes = between(left, right);
    const mouth = between(mouthLeft, mouthRight);
    const [dx, dy] = [mouth[0] - eyes[0], mouth[1] - eyes[1]];
    const along = ((nose[0] - eyes[0]) * dx + (nose[1] - eyes[1]) * dy) / (dx * dx + dy * dy);
    if (Number.isFinite(along)) axes.push({ isUpright: dy > 0, nose: along });
  }
  return axes;
}

type Point = readonly [number, number];

function meanOf(points: Float64Array, first: number, part: readonly number[]): Point {
  let [x, y] = [0, 0];
  for (const point of part) {
    x += points[2 * (first + point)];
    y += points[2 * (first + point) + 1];
  }
  return [x / part.length, y / part.length];
}

function between([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}
