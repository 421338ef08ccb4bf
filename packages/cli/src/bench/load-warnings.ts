import type { BenchResult } from '@retinabench/backends';
import type { LoadOfOthers } from '@retinabench/results';

/** Share of the processors that others may take of a round; more disturbs it. */
const limit = 0.1;

/** What others took of the processors during a bench; undefined where the system does not tell. */
export function loadOfOthers({
  othersShares,
}: Pick<Exclude<BenchResult, { failure: string }>, 'othersShares'>): LoadOfOthers | undefined {
  if (othersShares === undefined) return undefined;
  return { shares: othersShares, limit, disturbed: othersShares.filter((share) => share > limit).length };
}

/** A sentence where rounds were disturbed. */
export function loadWarnings(load: LoadOfOthers | undefined): string[] {
  if (load === undefined || load.disturbed === 0) return [];
  const { disturbed, shares } = load;
  const most = Math.max(...shares);
  return [
    `${disturbed} of ${shares.length} rounds were disturbed: other programs took more than ${limit * 100} % of the processors (up to ${(most * 100).toFixed(0)} %); trust no time; of ratios, which are by rounds, the intervals get wider`,
  ];
}

/** The same of a run without rounds. */
export function loadOfRun(load: LoadOfOthers | undefined): string[] {
  if (load === undefined || load.disturbed === 0) return [];
  return [
    `other programs took ${(Math.max(...load.shares) * 100).toFixed(0)} % of the processors meanwhile: the numbers say little`,
  ];
}
