import type { SettingDifference } from './comparable.js';

/** How much a rule weighs, as in eslint: a failed `error` fails the gate, a failed `warn` is only told. */
export type Level = 'error' | 'warn';

/** What came of one check. A failed check of level `warn` has the verdict `warn`. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'not comparable';

/** One check of one rule. */
export interface GateResult {
  /** The rule's key in the configuration, such as `ap.hard`. */
  readonly rule: string;
  /** Which option of the rule: `min`, `maxDrop`, `max`, `maxIncrease`, `maxRise`. */
  readonly check: string;
  readonly level: Level;
  readonly verdict: Verdict;
  /** What would pass, in words. */
  readonly expected: string;
  /** What was found, in words. */
  readonly actual: string;
  /** Every number behind the verdict, by name and in the unit that the name or the rule states. */
  readonly values: Readonly<Record<string, number>>;
  /** One sentence for people: what it means and, unless it passed, what to do. */
  readonly message: string;
  /** What a reader should know also of a check that passed, as a half sentence: `no image differs`. */
  readonly caveat?: string;
  /** Of a check that is not comparable: whether the configuration allows the difference, so that the gate may pass. */
  readonly allowed?: boolean;
  /** Of a check that is not comparable: every setting that differs, with both values. */
  readonly differences?: readonly SettingDifference[];
}

/** The gate's answer. */
export interface GateReport {
  readonly verdict: Verdict;
  readonly exitCode: 0 | 1 | 2;
  /** What was compared, in words: `retinaface-mnet025 on ort-node, protocol 0123456789ab`. */
  readonly baseline: string;
  readonly record: string;
  readonly results: readonly GateResult[];
  /** How many results are tests whose errors are controlled together (controlErrors); absent: fewer than two. */
  readonly tests?: number;
  /** Set where there was no baseline: the file that the record was accepted into. Bounds alone were judged. */
  readonly firstBaseline?: string;
}

/** What came of one check of a rule, before its level is asked. */
export type Outcome = Pick<
  GateResult,
  'check' | 'expected' | 'actual' | 'values' | 'message' | 'allowed' | 'differences' | 'caveat'
> & {
  readonly verdict: Verdict;
};
