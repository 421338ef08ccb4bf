/** Element types of ONNX tensors that RetinaBench reads and writes, by their names in the standard, lower case. */
export type OnnxElementType =
  | 'float'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'float16'
  | 'double'
  | 'uint32'
  | 'uint64';

/** A constant tensor: row-major, little-endian bytes. */
export interface OnnxTensor {
  readonly name: string;
  readonly elementType: OnnxElementType;
  readonly dims: readonly number[];
  /** product(dims) elements of `elementType`, little-endian. */
  readonly bytes: Uint8Array;
}

/** An attribute of a node. Subgraphs (`If`, `Loop`) are not modelled: they are kept as `unsupported`. */
export type OnnxAttribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'unsupported'; readonly value: number };

/** One operation. An empty input name is an optional input left out. */
export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/**
 * An input or output of the graph; a dimension is a number, or a name if it is chosen at run time. No dimensions: a scalar,
 * or a value of open shape; files are written with the shape left open.
 */
export interface OnnxValue {
  readonly name: string;
  readonly elementType: OnnxElementType;
  readonly dims: readonly (number | string)[];
}

/** A network: nodes in topological order and their constants. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
  /** What the caller feeds; initialisers that old files list as inputs too are left out. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** The part of an .onnx file that matters for inference. */
export interface OnnxModel {
  readonly irVersion: number;
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly producer: string;
  readonly graph: OnnxGraph;
  /** Free text by key, such as the calibration of a quantised model. */
  readonly metadata: Readonly<Record<string, string>>;
}
