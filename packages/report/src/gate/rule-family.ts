import type { JsonSchema } from '@retinabench/core';
import type { Interval, ResultRecord } from '@retinabench/results';
import type { ImageDraws } from '../difference/paired-draws.js';
import type { Allowance } from './allowance.js';
import type { GateResult, Level } from './result.js';

/** The options of a rule; which of them a rule has is its family's `optionsSchema`. */
export interface RuleOptions {
  /** Absolute floor. */
  readonly min?: number;
  /** Absolute ceiling. */
  readonly max?: number;
  /** Largest allowed drop against the baseline, in the unit of the number. */
  readonly maxDrop?: number;
  /** Largest allowed increase against the baseline, as a fraction of it. */
  readonly maxIncrease?: number;
  /** Largest allowed rise against the baseline, in the unit of the number. */
  readonly maxRise?: number;
}

/** What came of judging two numbers; `warn` is told and passes at any level. */
export type JudgedDifference = Pick<GateResult, 'check' | 'verdict' | 'expected' | 'actual' | 'values' | 'message'>;

/** A row of the table of rules: one kind of number and how it is read, compared and written. */
export interface RuleFamily {
  readonly prefix: string;
  /** Which subjects the family has: `ap` has easy, medium and hard. */
  readonly subjects: RegExp;
  /** Subjects to show in messages. */
  readonly examples: readonly string[];
  /** The rules that a gate without a configuration has. */
  readonly defaults: readonly { readonly subject: string; readonly level: Level; readonly options?: RuleOptions }[];
  /**
   * What an interleaved run judges beside the latency rules that it is asked for, so that nothing gets slower unseen:
   * level and options where there is no configuration. With one they are of level `warn`, unless it names or switches them
   * off.
   */
  readonly guards?: {
    readonly subjects: readonly string[];
    readonly level: Level;
    /** Options where a configuration leaves the rule out; default: `defaultOptions`. */
    readonly options?: RuleOptions;
  };
  readonly defaultOptions: RuleOptions;
  readonly optionsSchema: JsonSchema;
  /** What must be equal in both records before a difference means anything. */
  readonly needs: readonly Allowance[];
  /**
   * How certain a difference is: `paired` by resampling the images both share, `subjects` by the resampled subjects of both
   * records, `draws` by the same draws of images in both, `exact` where the number has no uncertainty, `never` where two runs prove nothing (times). Where records lack what
   * pairing takes, the intervals of both decide, taken as independent, and without them the numbers.
   */
  readonly certainty: 'paired' | 'subjects' | 'draws' | 'exact' | 'never';
  /** Of an `exact` number: another run of the same code has another one, as of memory. A report marks it past 5 % only. */
  readonly variesByRun?: true;
  readonly better: 'higher' | 'lower';
  /** `maxIncrease` is judged by the interval of the difference, as a drop is; absent: by the numbers. */
  readonly increase?: 'certain';
  readonly read: (record: ResultRecord, subject: string) => number | undefined;
  readonly readInterval?: (record: ResultRecord, subject: string) => Interval | undefined;
  /** With `draws`: the number in each draw of images. */
  readonly readDraws?: (record: ResultRecord, subject: string) => ImageDraws | undefined;
  /** What a reader has to know of a number, such as that few pairs decide it. */
  readonly caveat?: (record: ResultRecord, subject: string) => string | undefined;
  /** The number with its unit. */
  readonly format: (value: number) => string;
  /** Judges a number against the baseline's, in place of bounds on their difference. */
  readonly judge?: (before: number, value: number, options: RuleOptions) => JudgedDifference;
}
