import { formatCount, quantile } from '@retinabench/results';
import { pointsExtent } from '../set/points-extent.js';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { percent } from './order.js';

/** Share of the diagonal of a face below which an eye distance is that of a profile: frontal faces of 68 points have 0.45. */
const smallShare = 0.15;

/** Whether errors are divided by eye distances that are next to nothing, as on profile faces. */
export function diagnoseLengths(
  { annotated }: LandmarkInput,
  { of, name }: { readonly of: Float64Array; readonly name: string },
): LandmarkFinding[] {
  if (name !== 'outer-corners' && name !== 'eye-centres') return [];
  const shares: number[] = [];
  for (let face = 0; face < annotated.faces; face++) {
    const [left, top, right, bottom] = pointsExtent(annotated, face);
    const diagonal = Math.hypot(right - left, bottom - top);
    if (diagonal > 0 && Number.isFinite(of[face])) shares.push(of[face] / diagonal);
  }
  const small = shares.filter((share) => share < smallShare).length;
  if (shares.length === 0 || small < Math.max(2, 0.02 * shares.length)) return [];
  return [
    {
      code: 'lengths-small',
      level: 'warning',
      evidence: `on ${formatCount(small)} of ${formatCount(shares.length)} faces the eyes lie within ${percent(smallShare)} of the size of the face, as on profiles; the median is ${percent(quantile(shares, 0.5))}`,
      effect: 'their errors are divided by next to nothing, and a few of them make the mean',
      fix: 'use --normaliser box or points-box for faces of all poses',
    },
  ];
}
