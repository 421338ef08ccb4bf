/** An output of a network as one run on an image gave it. */
export interface ProbedOutput {
  readonly name: string;
  /** Dimensions at the probed size. */
  readonly dims: readonly number[];
  /** Dimensions that the file states; undefined where free. */
  readonly stated: readonly (number | undefined)[] | undefined;
  /** Whether the file gives it whole numbers: counts, labels, indices. */
  readonly isInteger: boolean;
  readonly least: number;
  readonly most: number;
}

/** What is known of a network before any reading of its outputs. */
export interface NetworkProbe {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly outputs: readonly ProbedOutput[];
  /** Whether the graph holds NonMaxSuppression. */
  readonly suppresses: boolean;
}
