/** A point of a trade-off: `cost` is better when lower, `value` when higher. */
export interface TradeOff {
  readonly cost: number;
  readonly value: number;
}

/**
 * The Pareto front: the points that no other point beats in cost without losing in value, or the reverse. Of equal
 * points all are kept.
 *
 * @returns their indices by ascending cost.
 * Cost: O(n log n).
 */
export function paretoFront(points: readonly TradeOff[]): number[] {
  const order = points.map((_, index) => index);
  order.sort((a, b) => points[a].cost - points[b].cost || points[b].value - points[a].value);
  const front: number[] = [];
  for (const index of order) {
    const best = front.length === 0 ? undefined : points[front[front.length - 1]];
    const { cost, value } = points[index];
    if (best === undefined || value > best.value || (value === best.value && cost === best.cost)) front.push(index);
  }
  return front;
}
