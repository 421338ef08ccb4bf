import type { ResultRecord } from '@retinabench/results';
import type { PairedDifference } from '../difference/difference-interval.js';
import type { GateConfig } from './config.js';

/** What the checks of one gate share. */
export interface GateContext {
  readonly baseline: ResultRecord;
  readonly record: ResultRecord;
  readonly allow: GateConfig['allow'];
  /** The paired difference in AP with its interval. */
  readonly pairedApDifference: PairedDifference;
}
