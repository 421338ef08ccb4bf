import type { ResultRecord } from '@retinabench/results';

/** A record of the page, with its key and what it is called. */
export interface NamedRecord {
  readonly key: string;
  readonly name: string;
  readonly record: ResultRecord;
  /** Whether it is asked for as a baseline. */
  readonly isBaseline: boolean;
}
