/** Number formats of a safetensors file that are read and written here. */
export type TensorFormat = 'F64' | 'F32' | 'F16' | 'U32' | 'I32' | 'U8';

/** Bytes of one element. */
export const bytesOf: Readonly<Record<TensorFormat, number>> = { F64: 8, F32: 4, F16: 2, U32: 4, I32: 4, U8: 1 };

/** A tensor of a file, row-major. F16 is held as float32. */
export interface StoredTensor {
  readonly format: TensorFormat;
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Uint32Array | Int32Array | Uint8Array;
}

/** The content of a safetensors file. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The `__metadata__` of the header: text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}
