import type { Interval, RecordKind } from '@retinabench/results';
import type { Mark } from '../compare/compare-records.js';
import type { NeededUnits } from '../difference/needed-to-tell.js';

/** A column of accuracy: one number of the records of a table. */
export interface AccuracyColumn {
  /** Of its gate rule, `ap.hard`. */
  readonly key: string;
  readonly heading: string;
  readonly better: 'higher' | 'lower';
}

/** A column of times: all of one condition, so that they may be compared. */
export interface LatencyColumn {
  readonly id: string;
  /** `640 x 480, 1 thread`. */
  readonly heading: string;
}

/** How a number stands beside the best of its column. `alike`: their interval holds no difference. */
export type Standing = 'best' | 'same' | 'alike';

/** One accuracy of a row. */
export interface AccuracyCell {
  readonly value: number;
  /** 95 %. */
  readonly interval?: Interval;
  /** Against the baseline of the table. */
  readonly difference?: {
    readonly value: number;
    readonly interval?: Interval;
    readonly mark: Mark;
    readonly needed?: NeededUnits;
  };
  readonly standing?: Standing;
  /** How many units would tell it from the best; only where it is alike. */
  readonly needed?: NeededUnits;
  /** Why the number says little by itself. */
  readonly caveat?: string;
}

/** One time of a row: the median of the total of a run. */
export interface LatencyCell {
  /** Key of the record. */
  readonly key: string;
  readonly medianMs: number;
  /** 95 %. */
  readonly interval: Interval;
  readonly repetitions: number;
  /** Times as long as the baseline takes. */
  readonly ratio?: { readonly value: number; readonly interval: Interval; readonly paired: boolean };
  readonly standing?: Standing;
  readonly needed?: NeededUnits;
}

/** How a backend agrees with the reference on the model of a row. */
export interface ParityCell {
  readonly key: string;
  readonly verdict: 'reference' | 'within tolerance' | 'past tolerance' | 'failed';
  /** `boxes 12.8 px, 3 of 120 unmatched`. */
  readonly detail?: string;
}

/** One detector: a model on a backend, at a scale where the table has several. */
export interface DecisionRow {
  /** Key of the record of its accuracy; absent: only timed. */
  readonly key?: string;
  readonly model: string;
  readonly backend?: string;
  readonly scale?: string;
  /** What else tells it from other rows of the same model, backend and scale. */
  readonly detail?: string;
  readonly isBaseline: boolean;
  /** No other row is faster without losing accuracy, nor more accurate without taking longer. */
  readonly isPareto: boolean;
  /** By key of the column. */
  readonly accuracy: Readonly<Record<string, AccuracyCell>>;
  /** By id of the column. */
  readonly latency: Readonly<Record<string, LatencyCell>>;
  readonly bytes?: number;
  readonly memoryPeakBytes?: number;
  readonly parity?: ParityCell;
  /** Landmark error by condition. */
  readonly landmarks?: { readonly key: string; readonly nme: number; readonly interval?: Interval };
}

/** Detectors side by side: one data set, one way of scoring. */
export interface DecisionTable {
  readonly kind: RecordKind;
  /** `wider-val, 3,226 images`. */
  readonly title: string;
  readonly accuracy: readonly AccuracyColumn[];
  readonly latency: readonly LatencyColumn[];
  readonly rows: readonly DecisionRow[];
  /** What the table says, in words. */
  readonly sentences: readonly string[];
  /** What a reader should know of it. */
  readonly notes: readonly string[];
}
