import { ShapeError } from '@retinabench/core';
import { clopperPearsonInterval } from '@retinabench/results';
import type { ServedArrivals } from './serve-arrivals.js';

/** Share of the queries that may be late: the bound holds at p99. */
const lateShare = 0.01;

/** The highest rate that holds the bound. */
export interface ServerRate {
  /** Queries a second; 0 where none that was tried holds it. */
  readonly perSecond: number;
  /** The run at that rate; where none holds, the run at the lowest that was tried. */
  readonly served: ServedArrivals;
}

/**
 * Late queries that still show, with 95 % confidence, that at most 1 % are: by the exact bound of a proportion. 299 queries
 * allow none, since 0.99^299 = 0.0495; fewer can show nothing.
 *
 * @param queries at least 1.
 * @returns undefined where not even none does.
 */
export function mostLateOf(queries: number): number | undefined {
  // One side of the interval of 90 %.
  const holds = (late: number): boolean => clopperPearsonInterval(late, queries, 0.9)[1] <= lateShare;
  if (!holds(0)) return undefined;
  let late = 0;
  while (holds(late + 1)) late++;
  return late;
}

/** Halvings of the range up to the capacity: the rate is known to a 64th of it. */
const halvings = 6;

/** Runs that a search takes. */
export const serverTrials = halvings;

/**
 * Search the highest rate of queries whose latencies hold the bound.
 *
 * @param capacity queries a second that follow each other without a gap; no rate above it can be held.
 * @param measure  serves queries that arrive at a rate, and stops once too many were late.
 * @throws {ShapeError} if nothing was tried.
 */
export async function findServerRate(
  capacity: number,
  measure: (perSecond: number) => Promise<ServedArrivals>,
): Promise<ServerRate> {
  let [low, high] = [0, capacity];
  let found: ServerRate | undefined;
  for (let trial = 0; trial < halvings; trial++) {
    const perSecond = (low + high) / 2;
    const served = await measure(perSecond);
    if (!served.stopped) {
      low = perSecond;
      found = { perSecond, served };
    } else {
      high = perSecond;
      if (low === 0) found = { perSecond: 0, served };
    }
  }
  if (found === undefined) throw new ShapeError('server rate: expected at least one trial, got none');
  return found;
}
