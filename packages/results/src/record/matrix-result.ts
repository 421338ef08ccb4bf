import type { Interval } from './interval.js';

/** The difference of a number to that of the first combination that finished; see `perturb` of a combination. */
export interface MatrixDifference {
  /** Of this combination, less that of the first. */
  readonly value: number;
  /** 95 %, paired over the images; absent where the two cannot be paired. */
  readonly interval?: Interval;
}

/** One combination of a matrix. */
export interface MatrixCellResult {
  readonly model: string;
  readonly backend: string;
  /** Scale rule, or the fixed input of the network. */
  readonly scale: string;
  /** Corruptions of the images; absent: none. Differences are then to the same detector on the images as they are. */
  readonly perturb?: string;
  /** Digest of its own record (contentSha256). */
  readonly recordSha256?: string;
  /** Its numbers by name, such as `ap.hard`; absent where it failed. */
  readonly values?: Readonly<Record<string, number>>;
  readonly interval?: Readonly<Record<string, Interval>>;
  readonly difference?: Readonly<Record<string, MatrixDifference>>;
  /** Median time of the detector on an image, among all workers at once, and over how many images. */
  readonly detectMs?: { readonly median: number; readonly images: number };
  /** Why it has no numbers. */
  readonly error?: string;
}

/** Several combinations of model, backend and scale on the same images, in the order asked for. */
export type MatrixResult = readonly MatrixCellResult[];
