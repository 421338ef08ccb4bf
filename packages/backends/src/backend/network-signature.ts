/** What a network states of one of its inputs or outputs. */
export interface TensorSignature {
  readonly name: string;
  /** Of its elements, as ONNX Runtime calls it: `float32`, `float16`, `uint8`, `int64`. */
  readonly elementType: string;
  /** A dimension that is free is undefined; `dims` itself is undefined where the file leaves the rank open. */
  readonly dims: readonly (number | undefined)[] | undefined;
}

/** What a network states of all of them. */
export interface NetworkSignature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
}

/** Dimensions as messages show them: `[1, 3, ?, ?]`. */
export function formatDims(dims: readonly (number | undefined)[]): string {
  return `[${dims.map((dim) => dim ?? '?').join(', ')}]`;
}
