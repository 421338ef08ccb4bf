/** Features of templates, one row each. */
export interface Templates {
  readonly count: number;
  /** Length of a feature. */
  readonly dimensions: number;
  /** Int32Array [count]: template ids, ascending. */
  readonly ids: Int32Array;
  /** Float64Array [count, dimensions]: features of length 1, or 0 for those of `zeroIds`, row-major. */
  readonly vectors: Float64Array;
  /** Ids of the templates whose image features sum to zero, ascending. */
  readonly zeroIds: readonly number[];
}
