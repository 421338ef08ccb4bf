import type { Interval } from './interval.js';

/** Types of error, and the two totals: see `tide` of a record. */
export type TideLoss =
  | 'localisation'
  | 'both'
  | 'duplicate'
  | 'background'
  | 'missed'
  | 'falsePositive'
  | 'falseNegative';

/** Detections and faces by what became of them. */
export interface TideCounts {
  readonly hits: number;
  readonly localisation: number;
  readonly both: number;
  readonly duplicate: number;
  readonly background: number;
  readonly missed: number;
  readonly ignored: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** What the errors of one group of faces cost. */
export interface TideGroup {
  readonly faces: number;
  readonly counts: TideCounts;
  /** AP of all that would be gained were a type put right in this group alone. */
  readonly lost: Readonly<Partial<Record<TideLoss, number>>>;
}

/** How an analysis of errors was resampled. */
export interface Resampling {
  readonly unit: 'images';
  readonly resamples: number;
  readonly seed: number;
}

/** Where AP is lost, by type of error. */
export interface TideAnalysis {
  readonly rule: 'clean' | 'tidecv';
  /** IoU from which a detection finds a face, and below which it is on none. */
  readonly foreground: number;
  readonly background: number;
  /** Most detections of an image that take part; absent: all. */
  readonly maxDetections?: number;
  /** Which faces count, where the record has several sets of them. */
  readonly counted?: string;
  readonly faces: number;
  /** AP at the foreground threshold, 101 recalls, as COCO matches. */
  readonly ap: number;
  /** AP that each type costs: AP with it put right alone, less AP. */
  readonly lost: Readonly<Record<TideLoss, number>>;
  readonly counts: TideCounts;
  /** 95 %. */
  readonly interval?: { readonly ap: Interval; readonly lost: Readonly<Record<TideLoss, Interval>> };
  readonly resampling?: Resampling;
  /** What each type costs in each draw of images, for paired differences; to six digits. */
  readonly draws?: Readonly<Record<TideLoss, readonly number[]>>;
  /** By attribute and value. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, TideGroup>>>>;
}

/** One bar of a reliability diagram; empty ones have no mean. */
export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly meanScore?: number;
  readonly precision?: number;
}

/** Errors of calibration. */
export interface CalibrationErrors {
  readonly ece: number;
  readonly mce: number;
  readonly brier: number;
}

/** Scores against the share of detections that are right. */
export interface CalibrationAnalysis extends CalibrationErrors {
  /** How detections are matched, and which faces count, where the record has several sets of them. */
  readonly matching: string;
  readonly counted?: string;
  readonly binning: 'equal-width' | 'quantile' | 'observed-range';
  readonly bins: readonly CalibrationBin[];
  readonly meanScore: number;
  readonly precision: number;
  readonly detections: number;
  /** 95 %. */
  readonly interval?: Readonly<Record<'ece' | 'mce' | 'brier', Interval>>;
  readonly resampling?: Resampling;
  /** Each number in each draw of images, for paired differences; to six digits. */
  readonly draws?: Readonly<Record<'ece' | 'mce' | 'brier', readonly number[]>>;
  /** Cross-validated over images: what maps of the scores would change. */
  readonly heldOut?: {
    readonly folds: number;
    readonly seed: number;
    readonly before: CalibrationErrors;
    readonly temperature: CalibrationErrors & { readonly fitted: number };
    readonly isotonic: CalibrationErrors;
  };
}

/** A detector at one score. */
export interface OperatingPointResult {
  /** What was asked for: `precision=0.95`, `f1=best`, `score=0.5`. */
  readonly wanted: string;
  /** Detections of at least this score are used. */
  readonly score: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  /** Rates that divide by nothing are absent. */
  readonly precision?: number;
  readonly recall?: number;
  readonly f1?: number;
  /** False positives per image. */
  readonly fppi: number;
  /** 95 %. */
  readonly interval?: Readonly<Partial<Record<'precision' | 'recall' | 'f1' | 'fppi', Interval>>>;
}

/** The scores at which a detector does what may be wanted of it. */
export interface OperatingTable {
  readonly matching: string;
  readonly counted?: string;
  readonly images: number;
  readonly faces: number;
  readonly points: readonly OperatingPointResult[];
  /** What no score gives: the nearest that there is, and where. */
  readonly unreached?: readonly { readonly wanted: string; readonly nearestScore: number; readonly reached: number }[];
  readonly resampling?: Resampling;
}
