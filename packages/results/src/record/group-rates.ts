import { objectSchema } from '@retinabench/core/basics';
import type { Interval } from './interval.js';
import { count, fraction, interval, mapOf } from './schema-parts.js';

/** Errors of one group of faces at thresholds that all pairs decide. */
export interface GroupRates {
  readonly templates: number;
  /** With genuine pairs. */
  readonly subjects: number;
  readonly genuine: number;
  readonly impostors: number;
  /** By target of the FAR on all pairs. */
  readonly at: Readonly<Record<string, GroupErrors>>;
}

/** FNMR is 1 - TAR, FMR the FAR of the group; each is absent where there is no pair of its kind. */
export interface GroupErrors {
  readonly misses?: number;
  readonly fnmr?: number;
  readonly fnmrInterval?: Interval;
  readonly falseMatches?: number;
  readonly fmr?: number;
  readonly fmrInterval?: Interval;
}

/** `GroupRates` as JSON Schema. */
export const groupRatesSchema = objectSchema({
  templates: count,
  subjects: count,
  genuine: count,
  impostors: count,
  at: mapOf(
    objectSchema(
      {
        misses: count,
        fnmr: fraction,
        fnmrInterval: interval,
        falseMatches: count,
        fmr: fraction,
        fmrInterval: interval,
      },
      [],
    ),
  ),
});
