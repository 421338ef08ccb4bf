import { roundUp, unitsToDecide } from '@retinabench/results';
import type { DifferenceInterval } from './difference-interval.js';

/** How many units like those of a comparison would decide it. */
export interface NeededUnits {
  readonly count: number;
  /** Such as `images`. */
  readonly unit: string;
}

/**
 * How many units would tell a difference from `allowed`, if it is as large as it looks.
 *
 * @param certain what was seen.
 * @param allowed largest allowed loss; 0: any difference counts.
 * @returns undefined where no number of units would, or the comparison rests on none.
 */
export function neededToTell(
  { difference, sample }: Pick<DifferenceInterval, 'difference' | 'sample'>,
  allowed = 0,
): NeededUnits | undefined {
  if (sample === undefined) return undefined;
  const { unit, count, tells, ofMany = { tells, from: 0 } } = sample;
  const projected = unitsToDecide({ difference, count, tells: ofMany.tells }, allowed);
  if (projected === undefined) return undefined;
  return { count: Math.max(projected, ofMany.from > 0 ? roundUp(ofMany.from) : 0), unit };
}
