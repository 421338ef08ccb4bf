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
 * @returns a point of `roc` for each.
 * Cost: O(log^2 pairs) a target, and for `nearest` the length of the straight line that it lies on.
 * Source: scikit-learn roc_curve (drop_intermediate) and numpy argmin on the reversed arrays of the public script.
 */
export function pickPoints(roc: Roc, targets: readonly number[], rule: ThresholdRule): number[] {
  const far = (point: number): number => roc.falseAccepts(point) / roc.impostors;
  const counts = (point: number): boolean => rule !== 'nearest' || !isOnLine(roc, point);
  return targets.map((target) => {
    const above = roc.firstWhere((falseAccepts) => falseAccepts / roc.impostors > target);
    let below = above === undefined ? roc.last : roc.previous(above);
    if (rule === 'not-above') return below;
    while (!counts(below)) below = roc.previous(below);
    let next = above;
    while (next !== undefined && !counts(next)) next = next === roc.last ? undefined : roc.next(next);
    if (next === undefined || far(next) - target > target - far(below)) return below;
    // Later points of the same FAR are as near.
    let last = next;
    for (let point = next; point < roc.last; ) {
      point = roc.next(point);
      if (far(point) !== far(next)) break;
      if (counts(point)) last = point;
    }
    return last;
  });
}

/**
 * Whether the library drops the point: neither its first nor last, and both counts step by as much before as after it.
 * The point at (0, 0) is put in front afterwards and takes no part.
 */
function isOnLine(roc: Roc, point: number): boolean {
  if (point === 0 || point === roc.last) return false;
  const [before, after] = [roc.previous(point), roc.next(point)];
  if (before === 0) return false;
  return (
    roc.falseAccepts(after) - roc.falseAccepts(point) === roc.falseAccepts(point) - roc.falseAccepts(before) &&
    roc.trueAccepts(after) - roc.trueAccepts(point) === roc.trueAccepts(point) - roc.trueAccepts(before)
  );
}
