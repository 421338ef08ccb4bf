import type { BrowserEnvironment } from './browser-environment.js';
import type { DetectTiming } from './detect-timing.js';
import type { DetectionResult } from './detection-result.js';
import type { CalibrationAnalysis, OperatingTable, TideAnalysis } from './error-analysis.js';
import type { FoldPairsResult } from './fold-pairs.js';
import type { GroupRates } from './group-rates.js';
import type { Interval } from './interval.js';
import type { LandmarkResult } from './landmark-result.js';
import type { LoadOfOthers } from './load-of-others.js';
import type { MatrixResult } from './matrix-result.js';
import type { ParityResult } from './parity-result.js';
import type { RatioToFirst } from './ratio-to-first.js';
import type { Resampled } from './resampled.js';
import type { Split } from './split.js';

/** What a record is about. */
export type RecordKind =
  | 'wider'
  | 'ijbc-verification'
  | 'ijbc-identification'
  | 'latency'
  | 'parity'
  | 'loss'
  | 'landmarks'
  | 'detection'
  | 'matrix';

/** Statistics of the repetitions of one stage. */
export interface LatencyStatistics {
  /** 10 % quantile: what the code takes when nothing disturbs it; a gate on interleaved runs compares it. */
  readonly p10?: number;
  readonly median: number;
  readonly p95: number;
  /** 99 % quantile, of what is judged by it: queries of a server. */
  readonly p99?: number;
  /** Arithmetic mean: the only one that sees a few very long repetitions, and the most disturbed by them. */
  readonly mean?: number;
  /** Median absolute deviation from the median. */
  readonly mad: number;
  /** Number of repetitions. */
  readonly n: number;
  /** The distribution: quantiles at 0, 5, .. 100 %, 21 of them. */
  readonly quantiles?: readonly number[];
  /** Median of each round of a run whose configurations took turns, in order; see `benchRun`. */
  readonly roundMedians?: readonly number[];
}

/** AP and recall of the faces of one bin of a breakdown; all other faces are ignored. */
export interface BreakdownBin {
  readonly faces: number;
  readonly ap: number;
  readonly recall: number;
}

/** True acceptance rate at one target of the false acceptance rate. */
export interface TarAtFar {
  readonly tar: number;
  readonly achievedFar: number;
  readonly threshold: number;
  /** Impostor pairs at or above the threshold. */
  readonly impostors: number;
  /** Fewer than 10 impostor pairs decide the threshold, so that the TAR says little; absent where enough do. */
  readonly unresolved?: true;
  /** 95 % Clopper-Pearson interval of the achieved FAR. */
  readonly farInterval?: Interval;
  /** 95 % interval of the TAR, bootstrap over subjects. */
  readonly interval?: Interval;
}

/**
 * The result of one evaluation: the number, its protocol, its uncertainty and its environment. A field that does not
 * apply is absent, never null. `recordSchema` is the same as JSON Schema.
 */
export interface ResultRecord {
  readonly schemaVersion: 1;
  readonly kind: RecordKind;
  /** ISO-8601. */
  readonly createdAt: string;
  /** The command that makes this record again. */
  readonly command?: string;
  readonly model?: {
    readonly id: string;
    readonly sha256?: string;
    readonly parameters?: number;
    readonly bytes?: number;
  };
  /** `threads` is absent where several runs with unknown numbers of threads were merged. */
  readonly backend?: { readonly id: string; readonly version: string; readonly threads?: number };
  readonly dataset?: {
    readonly name: string;
    readonly split?: string;
    readonly images: number;
    /** Hash of everything that was evaluated: annotations and, where a detector ran, the bytes of the images. */
    readonly sha256: string;
    /** Hash of the annotations of the images alone, and of the bytes of the images alone. */
    readonly groundTruthSha256?: string;
    readonly imagesSha256?: string;
    readonly notes?: readonly string[];
  };
  readonly protocol: {
    readonly id: string;
    readonly [setting: string]: string | number | boolean | readonly (string | number)[];
  };
  readonly environment: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly os: string;
    readonly node: string;
    /** Of everything that others wrote and that computes. */
    readonly packageVersions: Readonly<Record<string, string>>;
    /** The code that made the number: its version and 12 digits of the hash of what was built, `0.1.0+0123456789ab`. */
    readonly build?: string;
    /** Processors that the process was pinned to, as `taskset` names them. */
    readonly pinnedTo?: string;
    /** Of the backends that ran in a browser, by the id of the backend. */
    readonly browsers?: Readonly<Record<string, BrowserEnvironment>>;
  };
  /** Images whose detections an earlier run made, and when; absent: none. */
  readonly resumed?: { readonly images: number; readonly earliest: string; readonly latest: string };
  readonly warnings?: readonly string[];
  /** Images on which something failed, by what failed; absent where all could be done. */
  readonly failures?: readonly FailureGroup[];
  /** 0..1; a split that counts no face in the images evaluated has no AP and is absent. */
  readonly ap?: Readonly<Partial<Record<Split, number>>>;
  readonly interval?: Readonly<Partial<Record<Split, Interval>>>;
  readonly breakdown?: Readonly<Record<string, Readonly<Record<string, BreakdownBin>>>>;
  readonly curves?: Readonly<
    Record<string, { readonly precision: readonly number[]; readonly recall: readonly number[] }>
  >;
  /** Per split: true positives, proposals and counted faces at the lowest threshold. */
  readonly counts?: Readonly<
    Record<Split, { readonly truePositives: number; readonly proposals: number; readonly faces: number }>
  >;
  /** Further scalar results by dotted name, such as `coco.ap` or `misses.hard`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Per image, what a paired comparison and the failure gallery need. */
  readonly images?: readonly ImageResult[];
  readonly latencyMs?: Readonly<Record<string, LatencyStatistics>>;
  /** How `latencyMs.detect` was measured. */
  readonly detectTiming?: DetectTiming;
  /** The run of a bench whose configurations took turns: round i of two records of one run was at about the same time. */
  readonly benchRun?: string;
  /** Such a configuration against the first of its size. */
  readonly ratioToFirst?: RatioToFirst;
  /** What other programs took while the times were measured, by round or of the whole run; absent where it cannot be told. */
  readonly loadOfOthers?: LoadOfOthers;
  /** Single-shot timings: `load`, `firstRun`. */
  readonly onceMs?: Readonly<Record<string, number>>;
  readonly memoryPeakBytes?: number;
  readonly tar?: Readonly<Record<string, TarAtFar>>;
  readonly tarNotAbove?: Readonly<Record<string, TarAtFar>>;
  readonly tarNearestAll?: Readonly<Record<string, TarAtFar>>;
  /** Verification: ROC, FAR ascending; the DET curve is the same with 1 - tar. */
  readonly roc?: { readonly far: readonly number[]; readonly tar: readonly number[] };
  /** Verification: scores counted in bins of equal width from `low` to `high`. */
  readonly scoreHistogram?: {
    readonly low: number;
    readonly high: number;
    readonly genuine: readonly number[];
    readonly impostor: readonly number[];
  };
  readonly rank?: Readonly<Record<string, number>>;
  /** Identification: TPIR along FPIR, ascending; the DET curve is the same with 1 - tpir. */
  readonly identificationCurve?: { readonly fpir: readonly number[]; readonly tpir: readonly number[] };
  readonly tpir?: Readonly<Record<string, number>>;
  /** 95 % intervals of `rank` and `tpir`, bootstrap over the subjects of the probes. */
  readonly rankInterval?: Readonly<Record<string, Interval>>;
  readonly tpirInterval?: Readonly<Record<string, Interval>>;
  /** Verification, identification: the numbers of resampled subjects, which a paired comparison needs. */
  readonly resampled?: Resampled;
  /** Loss by term, and positives by level and by face height. */
  readonly loss?: Readonly<Record<string, number>>;
  readonly positives?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Verification: errors by column and group, such as gender. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, GroupRates>>>>;
  /** Verification in folds: which pairs are judged rightly. */
  readonly folds?: FoldPairsResult;
  /** Landmarks: normalised errors. */
  readonly landmarks?: LandmarkResult;
  /** Agreement of backends with the reference backend. */
  readonly parity?: readonly ParityResult[];
  /** Numbers on any annotated images. */
  readonly detection?: DetectionResult;
  /** Where AP is lost, by type of error. */
  readonly tide?: TideAnalysis;
  /** Scores against the share of detections that are right. */
  readonly calibration?: CalibrationAnalysis;
  /** Scores for a wanted precision, recall, FPPI or F1. */
  readonly operating?: OperatingTable;
  /** Several combinations of model, backend and scale side by side; each has a record of its own. */
  readonly matrix?: MatrixResult;
  /** SHA-256 of the rest of the record (contentDigest); absent in records of older versions. */
  readonly contentSha256?: string;
}

/** Images that failed alike. */
export interface FailureGroup {
  /**
   * `input`: the image is bad and left out of the score; `work`: the network fails on it, `timeout`: it took too long,
   * `death`: its worker process died twice; these count as images without detections.
   */
  readonly kind: 'input' | 'work' | 'timeout' | 'death';
  /** That of the first of them. */
  readonly message: string;
  readonly images: number;
  /** Names of the first of them. */
  readonly named: readonly string[];
}

/** One image of a WIDER record. */
export interface ImageResult {
  /** `<event>/<image>` without extension. */
  readonly name: string;
  /** Per split, what the image adds to the curve, as `encodePoints` writes it; `curvesOfImages` reads it. */
  readonly points: Readonly<Record<Split, string>>;
  /** Per split, counted faces. */
  readonly faces: Readonly<Record<Split, number>>;
  /** Per split, AP lost to this image: AP had it been perfect, less AP. */
  readonly apLost?: Readonly<Partial<Record<Split, number>>>;
  /**
   * What each detection is under `tide`, best score first: H a hit, L localisation, D duplicate, B background, O other, I
   * ignored, with the number before it where it stands several times in a row: `3HL2B`.
   */
  readonly types?: string;
}
