/** A half-edge collapse: vertex `from` moves onto vertex `to`, at `cost`. */
export interface Collapse {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
  /** Sum of both vertices' versions when it was queued; a later version makes it stale. */
  readonly version: number;
}

/**
 * A binary heap of collapses, cheapest first; equal costs in the order of `from`, then `to`, so that decimation gives
 * the same mesh on every run.
 */
export class CollapseQueue {
  readonly #heap: Collapse[] = [];

  /** Add a collapse. Cost: O(log size). */
  push(collapse: Collapse): void {
    const heap = this.#heap;
    let at = heap.push(collapse) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(collapse, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = collapse;
  }

  /** Take the cheapest collapse, undefined if there is none. Cost: O(log size). */
  pop(): Collapse | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function isBefore(a: Collapse, b: Collapse): boolean {
  if (a.cost !== b.cost) return a.cost < b.cost;
  return a.from !== b.from ? a.from < b.from : a.to < b.to;
}
