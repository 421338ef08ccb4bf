/** One array of a MAT file, of the classes that ground truth is made of. */
export type MatArray =
  | { readonly kind: 'numeric'; readonly dimensions: readonly number[]; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly dimensions: readonly number[]; readonly text: string }
  | { readonly kind: 'cell'; readonly dimensions: readonly number[]; readonly cells: readonly MatArray[] }
  /** A class that this reader skips: struct, object, sparse, function, 64-bit integers. */
  | { readonly kind: 'skipped'; readonly matlabClass: number };

/** The named arrays of a MAT file. */
export type MatVariables = ReadonlyMap<string, MatArray>;
