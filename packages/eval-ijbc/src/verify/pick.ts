import type { Roc } from './roc.js';

/**
 * Which point of the ROC represents a target of the false acceptance rate. `nearest`: the point whose FAR is nearest
 * the target, of equal distances the last, after points on straight lines have been dropped (what the public script and
 * its library do). `nearest-all`: the same among all points. `not-above`: the last point whose FAR is not above the
 * target.
 */
export type ThresholdRule = 'nearest' | 'nearest-all' | 'not-above';

/** All rules; `nearest` is the one that published figures use. */
export const thresholdRules: readonly ThresholdRule[] = ['nearest', 'nearest-all', 'not-above'];

/** Targets of the false acceptance rate that papers report, as records name them. */
export const farTargets = ['1e-6', '1e-5', '1e-4', '1e-3', '1e-2', '1e-1'] as const;

/**
 * Pick the point of each target.
 *
 * @param targets FAR targets, above or equal 0.
 * @returns index of a point of `roc` for each.
 * Cost: O(log points) a target, and for `nearest` the length of the straight line that it lies on.
 * Source: scikit-learn roc_curve (drop_intermediate) and numpy argmin on the reversed arrays of the public script.
 */
export function pickPoints(roc: Roc, targets: readonly number[], rule: ThresholdRule): number[] {
  const far = (point: number): number => roc.falseAccepts[point] / roc.impostors;
  const counts = (point: number): boolean => rule !== 'nearest' || !isOnLine(roc, point);
  return targets.map((target) => {
    const above = firstAbove(roc, target);
    let below = above - 1;
    if (rule === 'not-above') return below;
    while (!counts(below)) below--;
    let next = above;
    while (next < roc.points && !counts(next)) next++;
    if (next === roc.points || far(next) - target > target - far(below)) return below;
    // Later points of the same FAR are as near.
    let last = next;
    for (let point = next + 1; point < roc.points && far(point) === far(next); point++) if (counts(point)) last = point;
    return last;
  });
}

/** The first point whose FAR is above the target. */
function firstAbove({ falseAccepts, impostors, points }: Roc, target: number): number {
  let low = 0;
  let high = points;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (falseAccepts[middle] / impostors > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Whether the library drops the point: neither its first nor last, and both counts step by as much before as after it.
 * The point at (0, 0) is put in front afterwards and takes no part.
 */
function isOnLine({ falseAccepts, trueAccepts, points }: Roc, point: number): boolean {
  if (point <= 1 || point === points - 1) return false;
  return (
    falseAccepts[point + 1] - falseAccepts[point] === falseAccepts[point] - falseAccepts[point - 1] &&
    trueAccepts[point + 1] - trueAccepts[point] === trueAccepts[point] - trueAccepts[point - 1]
  );
}
