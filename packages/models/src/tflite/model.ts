/** Element types of TensorFlow Lite, in the order of their numbers in the file. */
export const tfliteTypes = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
  'float64',
  'complex128',
  'uint64',
  'resource',
  'variant',
  'uint32',
  'uint16',
  'int4',
  'bfloat16',
] as const;

/** The type of a tensor's elements. */
export type TfliteType = (typeof tfliteTypes)[number];

/** How whole numbers stand for real ones: real = scale (q - zeroPoint). */
export interface TfliteQuantisation {
  /** One, or one per slice along `axis`. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

/** A tensor of the network. */
export interface TfliteTensor {
  readonly name: string;
  readonly type: TfliteType;
  /** Dimensions; those that `free` lists are placeholders. */
  readonly dims: readonly number[];
  /** Axes whose length the file leaves open. */
  readonly free?: readonly number[];
  /** Of a constant: its elements, little-endian, row-major. */
  readonly data?: Uint8Array;
  readonly quantisation?: TfliteQuantisation;
}

/** One operator; tensors are named by their index, -1 is an absent optional input. */
export interface TfliteNode {
  /** As the standard calls it: `CONV_2D`; a custom one by its own name. */
  readonly operator: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Settings of the operator by name, see `tfliteOptions`. */
  readonly options?: Readonly<Record<string, number>>;
}

/** A network of one subgraph. */
export interface TfliteModel {
  readonly description: string;
  readonly tensors: readonly TfliteTensor[];
  readonly nodes: readonly TfliteNode[];
  /** Indices of the tensors that are fed, and of those that are the result. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Bytes that ride along, by name. */
  readonly metadata?: Readonly<Record<string, Uint8Array>>;
}
