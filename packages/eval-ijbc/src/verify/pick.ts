import type { Roc } from './roc.js';

/**
 * Which point of the ROC stands for a target of the false acceptance rate. `nearest`: the point whose FAR is nearest
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
 * @param targets FAR targets, 0..1.
 * @returns index of a point of `roc` for each.
 * Cost: O(points x targets), allocates nothing per point.
 * Source: scikit-learn roc_curve (drop_intermediate) and numpy argmin on the reversed arrays of the public script.
 */
export function pickPoints(roc: Roc, targets: readonly number[], rule: ThresholdRule): number[] {
  const { falseAccepts, impostors, points } = roc;
  const best = targets.map(() => 0);
  const distance = targets.map((target) => target);
  for (let point = 1; point < points; point++) {
    if (rule === 'nearest' && isOnLine(roc, point)) continue;
    const far = falseAccepts[point] / impostors;
    for (let i = 0; i < targets.length; i++) {
      if (rule === 'not-above') {
        if (far <= targets[i]) best[i] = point;
        continue;
      }
      const here = Math.abs(far - targets[i]);
      if (here <= distance[i]) {
        distance[i] = here;
        best[i] = point;
      }
    }
  }
  return best;
}

/**
 * Whether the library drops the point: neither its first nor last, and both counts step by as much before as after it.
 * The point at (0, 0) is put in front afterwards and takes no part.
 */
function isOnLine({ falseAccepts, trueAccepts, points }: Roc, point: number): boolean {
  if (point === 1 || point === points - 1) return false;
  return (
    falseAccepts[point + 1] - falseAccepts[point] === falseAccepts[point] - falseAccepts[point - 1] &&
    trueAccepts[point + 1] - trueAccepts[point] === trueAccepts[point] - trueAccepts[point - 1]
  );
}
