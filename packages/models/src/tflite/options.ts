/** How an option lies in the file. */
export type OptionKind = 'int8' | 'int32' | 'float32' | 'bool';

/** The table of an operator's options: its number in the union, and of each option the slot, the kind and the default. */
export interface OptionTable {
  readonly union: number;
  readonly fields: Readonly<Record<string, readonly [slot: number, kind: OptionKind, absent?: number]>>;
}

/** Paddings and fused activations by their numbers in the file. */
export const tflitePadding = { same: 0, valid: 1 } as const;
export const tfliteActivation = { none: 0, relu: 1, relu6: 3 } as const;

const activation = { activation: [0, 'int8'] } as const;
const pool: OptionTable = {
  union: 5,
  fields: {
    padding: [0, 'int8'],
    strideWidth: [1, 'int32'],
    strideHeight: [2, 'int32'],
    filterWidth: [3, 'int32'],
    filterHeight: [4, 'int32'],
  },
};
const reducer: OptionTable = { union: 27, fields: { keepDims: [0, 'bool'] } };

/**
 * Options of the operators that are written; those that are not here have none.
 *
 * Source: tensorflow/lite/schema/schema.fbs, union BuiltinOptions and its tables.
 */
export const tfliteOptions: Readonly<Record<string, OptionTable>> = {
  ADD: { union: 11, fields: activation },
  ARG_MAX: { union: 40, fields: { outputType: [0, 'int8'] } },
  ARG_MIN: { union: 57, fields: { outputType: [0, 'int8'] } },
  AVERAGE_POOL_2D: pool,
  BATCH_MATMUL: { union: 101, fields: { transposeLeft: [0, 'bool'], transposeRight: [1, 'bool'] } },
  CAST: { union: 37, fields: { from: [0, 'int8'], to: [1, 'int8'] } },
  CONCATENATION: { union: 10, fields: { axis: [0, 'int32'] } },
  CONV_2D: {
    union: 1,
    fields: {
      padding: [0, 'int8'],
      strideWidth: [1, 'int32'],
      strideHeight: [2, 'int32'],
      activation: [3, 'int8'],
      dilationWidth: [4, 'int32', 1],
      dilationHeight: [5, 'int32', 1],
    },
  },
  DEPTHWISE_CONV_2D: {
    union: 2,
    fields: {
      padding: [0, 'int8'],
      strideWidth: [1, 'int32'],
      strideHeight: [2, 'int32'],
      multiplier: [3, 'int32'],
      activation: [4, 'int8'],
      dilationWidth: [5, 'int32', 1],
      dilationHeight: [6, 'int32', 1],
    },
  },
  DIV: { union: 29, fields: activation },
  FULLY_CONNECTED: { union: 8, fields: activation },
  GATHER: { union: 23, fields: { axis: [0, 'int32'], batchAxes: [1, 'int32'] } },
  LEAKY_RELU: { union: 75, fields: { alpha: [0, 'float32'] } },
  MAX_POOL_2D: pool,
  MEAN: reducer,
  MUL: { union: 21, fields: activation },
  REDUCE_MAX: reducer,
  REDUCE_MIN: reducer,
  REDUCE_PROD: reducer,
  RESIZE_BILINEAR: { union: 15, fields: { alignCorners: [2, 'bool'], halfPixel: [3, 'bool'] } },
  RESIZE_NEAREST_NEIGHBOR: { union: 74, fields: { alignCorners: [0, 'bool'], halfPixel: [1, 'bool'] } },
  SOFTMAX: { union: 9, fields: { beta: [0, 'float32'] } },
  STRIDED_SLICE: { union: 32, fields: { beginMask: [0, 'int32'], endMask: [1, 'int32'] } },
  SUB: { union: 28, fields: activation },
  SUM: reducer,
  TRANSPOSE_CONV: {
    union: 49,
    fields: { padding: [0, 'int8'], strideWidth: [1, 'int32'], strideHeight: [2, 'int32'], activation: [3, 'int8'] },
  },
};
