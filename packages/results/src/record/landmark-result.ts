import type { Interval } from './interval.js';

/** Errors of faces in numbers; thresholds are keys as text, `0.08`. */
export interface LandmarkSummary {
  readonly faces: number;
  /** Faces that nothing matches, whose error is infinite. */
  readonly missed: number;
  /** Mean, median and population deviation of the errors of the matched faces; absent where none is matched. */
  readonly nme?: number;
  readonly median?: number;
  readonly deviation?: number;
  /** Share of the faces with a greater error than the threshold. */
  readonly failureRate: Readonly<Record<string, number>>;
  /** Area under the share of faces up to the threshold, over the threshold: 0..1. */
  readonly auc: Readonly<Record<string, number>>;
}

/** What is found on the annotated faces of one image. */
export interface LandmarkImage {
  readonly name: string;
  /** Of each face that is evaluated, in the order of the annotation: its error, -1 where it is missed. */
  readonly errors: readonly number[];
}

/** Errors of landmarks. */
export interface LandmarkResult {
  /** Annotated faces without a point that counts, and faces that lack the length which errors are divided by: not evaluated. */
  readonly withoutPoints: number;
  readonly withoutLength: number;
  /** Predicted faces that match no annotated one. */
  readonly unmatched: number;
  /** Faces that count as missed because their prediction lacks a point. */
  readonly incomplete: number;
  /** Of the matched faces alone; absent where none is. */
  readonly matchedOnly?: LandmarkSummary;
  /** Of all: a missed face counts in failure rates and areas, and not in the mean. */
  readonly missesAsFailures: LandmarkSummary;
  /** Mean of the errors of all, a missed face counting as an error of 1. */
  readonly nmeWithMissesAsOne: number;
  /** 95 % intervals, bootstrap over images: `nme`, `missed` (a share), `failureRate.0.08`, `auc.0.08` (with misses). */
  readonly interval?: Readonly<Record<string, Interval>>;
  /** Mean error of each point, and of each part of the face, over the matched faces. */
  readonly perPoint: readonly number[];
  readonly perGroup?: Readonly<Record<string, number>>;
  /** Share of the faces, missed ones among them, with an error of at most `error`. */
  readonly ced: { readonly error: readonly number[]; readonly share: readonly number[] };
  /** By column and bin; `meanOfBins` is the mean over the bins of the mean error of each. */
  readonly bins?: Readonly<Record<string, Readonly<Record<string, LandmarkSummary>>>>;
  readonly meanOfBins?: Readonly<Record<string, number>>;
  /** What a paired comparison needs. */
  readonly images: readonly LandmarkImage[];
}
