import { describe, expect, test } from 'vitest';
import { operatorTable } from '../../../src/runtimes/tfjs/operators/table.js';
import { expectAgreement, noiseFeeds } from './agreement.js';
import { floats, ints, type NodeCase, noise, singleNodeModel } from './node-model.js';
import { plannedBackends } from './tfjs-backends.js';

const image = [1, 4, 6, 5];

/** Float constants of noise. */
const weights = (dims: readonly number[], seed = 7) =>
  floats(
    dims,
    noise(
      dims.reduce((p, d) => p * d, 1),
      seed,
    ),
  );
const positive = (dims: readonly number[]) =>
  floats(
    dims,
    noise(
      dims.reduce((p, d) => p * d, 1),
      3,
    ).map((v) => Math.abs(v) + 0.2),
  );

/** A case, and whether its inputs must be positive or its outputs are not float. */
type Row = readonly [title: string, node: NodeCase, kind?: 'positive' | 'cast'];

const unary: readonly Row[] = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Atanh',
  'Cosh',
  'Dropout',
  'Sinh',
  'Tan',
  'Atan',
  'Asinh',
  'Ceil',
  'Celu',
  'Cos',
  'Elu',
  'Erf',
  'Exp',
  'Floor',
  'HardSigmoid',
  'HardSwish',
  'Identity',
  'LeakyRelu',
  'Mish',
  'Neg',
  'Relu',
  'Round',
  'Selu',
  'Shrink',
  'Sigmoid',
  'Sign',
  'Sin',
  'Softplus',
  'Softsign',
  'Tanh',
  'ThresholdedRelu',
].map((op): Row => [op, { op, feeds: [image], opset: op === 'Mish' ? 18 : 17 }]);

const positiveUnary: readonly Row[] = ['Log', 'Sqrt', 'Reciprocal'].map(
  (op): Row => [op, { op, feeds: [image] }, 'positive'],
);

const withAlpha: readonly Row[] = (
  [
    ['LeakyRelu', 0.2],
    ['Elu', 0.5],
    ['Celu', 2],
    ['ThresholdedRelu', 0.3],
    ['HardSigmoid', 0.4],
    ['Selu', 1.2],
  ] as const
).map(
  ([op, alpha]): Row => [`${op} with alpha ${alpha}`, { op, feeds: [image], attributes: { alpha: { float: alpha } } }],
);

const binary: readonly Row[] = ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Sum', 'Mean'].flatMap((op): Row[] => [
  [`${op} of equal shapes`, { op, feeds: [image, image] }],
  [`${op} with one value per channel`, { op, feeds: [image], constants: [weights([4, 1, 1])] }],
  [`${op} with a scalar`, { op, feeds: [image], constants: [weights([])] }],
  [
    `${op} of a column and a row`,
    {
      op,
      feeds: [
        [6, 1],
        [1, 5],
      ],
    },
  ],
  [
    `${op} of inner broadcasts`,
    {
      op,
      feeds: [
        [2, 1, 3, 1],
        [1, 4, 1, 5],
      ],
    },
  ],
]);

const comparisons: readonly Row[] = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map(
  (op): Row => [op, { op, feeds: [image], constants: [weights([4, 1, 1])] }, 'cast'],
);

const reductions: readonly Row[] = [
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
].flatMap((op): Row[] => [
  [`${op} over cells`, { op, feeds: [image], attributes: { axes: [2, 3] } }],
  [`${op} over channels without keepdims`, { op, feeds: [image], attributes: { axes: [1], keepdims: 0 } }],
  [`${op} over everything`, { op, feeds: [image] }],
]);

const truth = (op: string): Row => [
  op,
  {
    op,
    feeds: [],
    constants: [
      { kind: 'bool', dims: [4], values: [0, 0, 1, 1] },
      { kind: 'bool', dims: [2, 4], values: [0, 1, 0, 1, 1, 1, 1, 0] },
    ],
  },
  'cast',
];

const others: readonly Row[] = [
  ...['And', 'Or', 'Xor'].map(truth),
  ...['IsNaN', 'IsInf'].map(
    (op): Row => [op, { op, feeds: [], constants: [floats([4], [1, Infinity, -Infinity, Number.NaN])] }, 'cast'],
  ),
  ['Cast to a whole number truncates', { op: 'Cast', feeds: [image], attributes: { to: 7 } }, 'cast'],
  ['CastLike', { op: 'CastLike', feeds: [image], constants: [ints(1)] }, 'cast'],
  ['ConstantOfShape', { op: 'ConstantOfShape', feeds: [], constants: [ints(2, 3)] }],
  ['Swish', { op: 'Swish', feeds: [image], opset: 24 }],
  ['ReduceSum with axes as input', { op: 'ReduceSum', feeds: [image], constants: [ints(-1, 1)] }],
  ['ReduceSum that does nothing', { op: 'ReduceSum', feeds: [image], attributes: { noop_with_empty_axes: 1 } }],
  ['ReduceMean with axes as input (18)', { op: 'ReduceMean', feeds: [image], constants: [ints(1, 3)], opset: 18 }],
  ['ReduceLogSum', { op: 'ReduceLogSum', feeds: [image], attributes: { axes: [1] } }, 'positive'],
  ['ArgMax over channels', { op: 'ArgMax', feeds: [image], attributes: { axis: 1 } }, 'cast'],
  ['ArgMin without keepdims', { op: 'ArgMin', feeds: [image], attributes: { axis: -1, keepdims: 0 } }, 'cast'],
  ['Clip with bounds', { op: 'Clip', feeds: [image], constants: [floats([], [-0.5]), floats([], [1])] }],
  ['Clip without a lower bound', { op: 'Clip', feeds: [image], constants: [undefined, floats([], [0.5])] }],
  [
    'Clip by attributes (6)',
    { op: 'Clip', feeds: [image], attributes: { min: { float: 0 }, max: { float: 6 } }, opset: 6 },
  ],
  ['Gelu', { op: 'Gelu', feeds: [image], opset: 20 }],
  ['Gelu by tanh', { op: 'Gelu', feeds: [image], attributes: { approximate: 'tanh' }, opset: 20 }],
  ['Pow of a square', { op: 'Pow', feeds: [image], constants: [floats([], [2])] }],
  ['Pow of a fraction', { op: 'Pow', feeds: [image], constants: [floats([1], [0.7])] }, 'positive'],
  ['Mod with fmod', { op: 'Mod', feeds: [image], constants: [floats([1], [0.7])], attributes: { fmod: 1 } }],
  ['PRelu per channel', { op: 'PRelu', feeds: [image], constants: [weights([4, 1, 1])] }],
  ['Not', { op: 'Not', feeds: [], constants: [{ kind: 'bool', dims: [3], values: [1, 0, 1] }] }, 'cast'],
  ['Softmax over channels', { op: 'Softmax', feeds: [image], attributes: { axis: 1 } }],
  ['Softmax over rows', { op: 'Softmax', feeds: [image], attributes: { axis: 2 } }],
  ['Softmax of old files flattens', { op: 'Softmax', feeds: [image], attributes: { axis: 2 }, opset: 11 }],
  ['LogSoftmax over channels', { op: 'LogSoftmax', feeds: [image], attributes: { axis: 1 } }],
  ['Flatten', { op: 'Flatten', feeds: [image] }],
  ['Flatten from axis 0', { op: 'Flatten', feeds: [image], attributes: { axis: 0 } }],
  ['Reshape with 0 and -1', { op: 'Reshape', feeds: [image], constants: [ints(0, -1, 5)] }],
  ['Reshape to one axis', { op: 'Reshape', feeds: [image], constants: [ints(-1)] }],
  ['Transpose', { op: 'Transpose', feeds: [image], attributes: { perm: [2, 0, 3, 1] } }],
  ['Transpose by default reverses', { op: 'Transpose', feeds: [image] }],
  ['Squeeze of every 1', { op: 'Squeeze', feeds: [[1, 3, 1, 2]] }],
  ['Squeeze of named axes', { op: 'Squeeze', feeds: [[1, 3, 1, 2]], constants: [ints(-2)] }],
  ['Squeeze by attribute (11)', { op: 'Squeeze', feeds: [[1, 3, 1, 2]], attributes: { axes: [0] }, opset: 11 }],
  ['Unsqueeze', { op: 'Unsqueeze', feeds: [[3, 2]], constants: [ints(0, -1)] }],
  ['Unsqueeze by attribute (11)', { op: 'Unsqueeze', feeds: [[3, 2]], attributes: { axes: [1, 3] }, opset: 11 }],
  ['Concat over channels', { op: 'Concat', feeds: [image, [1, 3, 6, 5]], attributes: { axis: 1 } }],
  [
    'Concat with a constant',
    { op: 'Concat', feeds: [image], constants: [weights([1, 4, 2, 5])], attributes: { axis: -2 } },
  ],
  ['Slice', { op: 'Slice', feeds: [image], constants: [ints(1, 1), ints(3, 2 ** 40), ints(1, 2)] }],
  ['Slice with steps', { op: 'Slice', feeds: [image], constants: [ints(0, 1), ints(6, 5), ints(2, 3), ints(2, 2)] }],
  ['Slice backwards', { op: 'Slice', feeds: [image], constants: [ints(-1), ints(-100), ints(3), ints(-2)] }],
  [
    'Slice by attributes (9)',
    { op: 'Slice', feeds: [image], attributes: { starts: [1], ends: [-1], axes: [3] }, opset: 9 },
  ],
  ['Split by lengths', { op: 'Split', feeds: [image], constants: [ints(1, 3)], attributes: { axis: 1 }, outputs: 2 }],
  ['Split evenly (11)', { op: 'Split', feeds: [image], attributes: { axis: 2 }, outputs: 3, opset: 11 }],
  [
    'Split with a short last part (18)',
    { op: 'Split', feeds: [image], attributes: { axis: 3, num_outputs: 2 }, outputs: 2, opset: 18 },
  ],
  ['Gather of a list', { op: 'Gather', feeds: [image], constants: [ints(2, 0, -1)], attributes: { axis: 1 } }],
  [
    'Gather of a scalar removes the axis',
    { op: 'Gather', feeds: [image], constants: [{ kind: 'int64', dims: [], values: [1] }], attributes: { axis: 2 } },
  ],
  [
    'Gather of a matrix of indices',
    {
      op: 'Gather',
      feeds: [image],
      constants: [{ kind: 'int64', dims: [2, 2], values: [0, 1, 3, 2] }],
      attributes: { axis: 1 },
    },
  ],
  ['Tile', { op: 'Tile', feeds: [image], constants: [ints(2, 1, 1, 3)] }],
  ['Expand', { op: 'Expand', feeds: [[4, 1, 5]], constants: [ints(2, 1, 6, 1)] }],
  [
    'Where with a constant condition',
    {
      op: 'Where',
      feeds: [],
      constants: [{ kind: 'bool', dims: [3], values: [1, 0, 1] }, weights([2, 3]), weights([1])],
    },
  ],
  ['Pad with a constant', { op: 'Pad', feeds: [image], constants: [ints(0, 0, 1, 2, 0, 1, 0, 3), floats([], [1.5])] }],
  [
    'Pad with named axes (18)',
    { op: 'Pad', feeds: [image], constants: [ints(1, 2, 0, 1), undefined, ints(2, 3)], opset: 18 },
  ],
  ['Pad that crops', { op: 'Pad', feeds: [image], constants: [ints(0, 0, -1, 1, 0, 0, -2, 0)] }],
  [
    'Pad by reflection',
    { op: 'Pad', feeds: [image], attributes: { mode: 'reflect' }, constants: [ints(0, 0, 2, 3, 0, 0, 1, 2)] },
  ],
  [
    'Pad by the edge',
    { op: 'Pad', feeds: [image], attributes: { mode: 'edge' }, constants: [ints(0, 0, 2, 0, 0, 0, 0, 4)] },
  ],
  ['Pad by attribute (2)', { op: 'Pad', feeds: [image], attributes: { pads: [0, 0, 1, 1, 0, 0, 1, 1] }, opset: 2 }],
  ['DepthToSpace', { op: 'DepthToSpace', feeds: [[2, 8, 3, 2]], attributes: { blocksize: 2 } }],
  [
    'DepthToSpace, columns first',
    { op: 'DepthToSpace', feeds: [[2, 8, 3, 2]], attributes: { blocksize: 2, mode: 'CRD' } },
  ],
  ['SpaceToDepth', { op: 'SpaceToDepth', feeds: [[2, 3, 4, 6]], attributes: { blocksize: 2 } }],
  [
    'BatchNormalization',
    {
      op: 'BatchNormalization',
      feeds: [image],
      constants: [weights([4]), weights([4], 8), weights([4], 9), positive([4])],
    },
  ],
  [
    'InstanceNormalization',
    { op: 'InstanceNormalization', feeds: [image], constants: [weights([4]), weights([4], 8)] },
  ],
  [
    'GroupNormalization',
    {
      op: 'GroupNormalization',
      feeds: [image],
      constants: [weights([4]), weights([4], 8)],
      attributes: { num_groups: 2 },
      opset: 21,
    },
  ],
  [
    'LayerNormalization',
    {
      op: 'LayerNormalization',
      feeds: [image],
      constants: [weights([6, 5]), weights([6, 5], 8)],
      attributes: { axis: 2 },
    },
  ],
  ['LayerNormalization without a shift', { op: 'LayerNormalization', feeds: [[2, 7]], constants: [weights([7])] }],
  ['LpNormalization', { op: 'LpNormalization', feeds: [image], attributes: { axis: 1, p: 2 } }],
  ['MeanVarianceNormalization', { op: 'MeanVarianceNormalization', feeds: [image] }],
  ['LRN', { op: 'LRN', feeds: [image], attributes: { size: 3, alpha: { float: 0.5 } } }],
  ['Gemm', { op: 'Gemm', feeds: [[3, 4]], constants: [weights([5, 4]), weights([5])], attributes: { transB: 1 } }],
  [
    'Gemm with factors',
    {
      op: 'Gemm',
      feeds: [[4, 3]],
      constants: [weights([4, 5]), weights([3, 1])],
      attributes: { transA: 1, alpha: { float: 0.5 }, beta: { float: 2 } },
    },
  ],
  [
    'MatMul of batches',
    {
      op: 'MatMul',
      feeds: [
        [2, 3, 4],
        [2, 4, 5],
      ],
    },
  ],
  ['MatMul broadcasts the batch', { op: 'MatMul', feeds: [[2, 3, 4]], constants: [weights([4, 5])] }],
  ['MatMul with a vector', { op: 'MatMul', feeds: [[2, 3, 4]], constants: [weights([4])] }],
  [
    'Conv of groups',
    {
      op: 'Conv',
      feeds: [image],
      constants: [weights([6, 2, 3, 3]), weights([6])],
      attributes: { group: 2, pads: [1, 1, 1, 1] },
    },
  ],
  [
    'Conv on one axis',
    { op: 'Conv', feeds: [[2, 3, 9]], constants: [weights([4, 3, 3])], attributes: { pads: [1, 0], strides: [2] } },
  ],
  [
    'Conv with strides and dilations',
    {
      op: 'Conv',
      feeds: [[1, 3, 9, 10]],
      constants: [weights([2, 3, 3, 3])],
      attributes: { strides: [2, 2], dilations: [2, 2], pads: [2, 1, 2, 3] },
    },
  ],
  [
    'ConvTranspose with output padding',
    {
      op: 'ConvTranspose',
      feeds: [image],
      constants: [weights([4, 3, 3, 3]), weights([3])],
      attributes: { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
    },
  ],
  [
    'ConvTranspose of groups, dilated',
    {
      op: 'ConvTranspose',
      feeds: [image],
      constants: [weights([4, 2, 2, 3])],
      attributes: { group: 2, dilations: [2, 1], strides: [1, 2] },
    },
  ],
  [
    'ConvTranspose with output_shape',
    {
      op: 'ConvTranspose',
      feeds: [image],
      constants: [weights([4, 2, 3, 3])],
      attributes: { strides: [2, 2], output_shape: [12, 10] },
    },
  ],
  [
    'ConvTranspose with auto_pad',
    {
      op: 'ConvTranspose',
      feeds: [image],
      constants: [weights([4, 2, 3, 3])],
      attributes: { strides: [2, 2], auto_pad: 'SAME_LOWER' },
    },
  ],
  ['GlobalAveragePool', { op: 'GlobalAveragePool', feeds: [image] }],
  ['GlobalMaxPool', { op: 'GlobalMaxPool', feeds: [image] }],
  [
    'MaxPool on one axis',
    { op: 'MaxPool', feeds: [[1, 3, 9]], attributes: { kernel_shape: [3], strides: [2], pads: [1, 1] } },
  ],
  ['MaxPool of one cell', { op: 'MaxPool', feeds: [image], attributes: { kernel_shape: [1, 1], strides: [2, 2] } }],
  [
    'MaxPool with dilations',
    { op: 'MaxPool', feeds: [image], attributes: { kernel_shape: [2, 2], dilations: [2, 2], pads: [1, 0, 0, 1] } },
  ],
  ['Shape from start to end', { op: 'Shape', feeds: [image], attributes: { start: 1, end: -1 } }, 'cast'],
  ['Size', { op: 'Size', feeds: [image] }, 'cast'],
  ['Range', { op: 'Range', feeds: [], constants: [floats([], [1]), floats([], [4]), floats([], [0.5])] }],
  [
    'QuantizeLinear',
    {
      op: 'QuantizeLinear',
      feeds: [image],
      constants: [floats([], [0.02]), { kind: 'uint8', dims: [], values: [100] }],
    },
    'cast',
  ],
  [
    'QuantizeLinear per channel',
    {
      op: 'QuantizeLinear',
      feeds: [image],
      constants: [floats([4], [0.01, 0.02, 0.03, 0.04]), { kind: 'int8', dims: [4], values: [0, 0, 0, 0] }],
      attributes: { axis: 1 },
    },
    'cast',
  ],
  [
    'DequantizeLinear per channel',
    {
      op: 'DequantizeLinear',
      feeds: [],
      constants: [
        { kind: 'int8', dims: [2, 3], values: [1, -2, 3, 127, -128, 0] },
        floats([2], [0.5, 0.25]),
        { kind: 'int8', dims: [2], values: [0, 0] },
      ],
      attributes: { axis: 0 },
    },
  ],
];

const resizes: readonly Row[] = [
  ...['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel'].flatMap((coordinates): Row[] =>
    (['linear', 'cubic', 'nearest'] as const).flatMap((mode): Row[] => [
      [
        `Resize ${mode}, ${coordinates}, up`,
        {
          op: 'Resize',
          feeds: [image],
          constants: [undefined, floats([4], [1, 1, 2, 2])],
          attributes: { mode, coordinate_transformation_mode: coordinates },
        },
      ],
      [
        `Resize ${mode}, ${coordinates}, to a size`,
        {
          op: 'Resize',
          feeds: [image],
          constants: [undefined, undefined, ints(1, 4, 9, 3)],
          attributes: { mode, coordinate_transformation_mode: coordinates },
        },
      ],
    ]),
  ),
  ...['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'].map(
    (rounding): Row => [
      `Resize nearest rounds by ${rounding}`,
      {
        op: 'Resize',
        feeds: [image],
        constants: [undefined, floats([4], [1, 1, 1.5, 3])],
        attributes: { mode: 'nearest', nearest_mode: rounding },
      },
    ],
  ),
  [
    'Resize of operator set 10',
    {
      op: 'Resize',
      feeds: [image],
      constants: [floats([4], [1, 1, 2, 2])],
      attributes: { mode: 'nearest' },
      opset: 10,
    },
  ],
  [
    'Upsample',
    {
      op: 'Upsample',
      feeds: [image],
      constants: [floats([4], [1, 1, 2, 2])],
      attributes: { mode: 'nearest' },
      opset: 9,
    },
  ],
  [
    'Upsample linear',
    {
      op: 'Upsample',
      feeds: [image],
      constants: [floats([4], [1, 1, 2, 2])],
      attributes: { mode: 'linear' },
      opset: 9,
    },
  ],
];

/** 0, 7, 14 ... as 8 bits. */
const bytes = (dims: readonly number[], step = 7) => ({
  kind: 'uint8' as const,
  dims,
  values: Array.from({ length: dims.reduce((p, d) => p * d, 1) }, (_, index) => (index * step) % 256),
});
const bytePoint = (value: number) => ({ kind: 'uint8' as const, dims: [], values: [value] });

const byContent: readonly Row[] = [
  ['NonZero', { op: 'NonZero', feeds: [], constants: [floats([2, 3], [0, 1, 0, -2, 0, 3])] }, 'cast'],
  ['TopK', { op: 'TopK', feeds: [[2, 7, 3]], constants: [ints(4)], attributes: { axis: 1 }, outputs: 2 }, 'cast'],
  ['TopK smallest', { op: 'TopK', feeds: [[9]], constants: [ints(5)], attributes: { largest: 0 }, outputs: 2 }, 'cast'],
  [
    'GatherElements',
    {
      op: 'GatherElements',
      feeds: [[3, 2]],
      constants: [{ kind: 'int64', dims: [2, 2], values: [2, -3, 0, 1] }],
      attributes: { axis: 0 },
    },
  ],
  [
    'GatherND',
    { op: 'GatherND', feeds: [[3, 2, 4]], constants: [{ kind: 'int64', dims: [3, 2], values: [2, 1, 0, -1, 1, 0] }] },
  ],
  [
    'ScatterND',
    {
      op: 'ScatterND',
      feeds: [[4, 2, 3]],
      constants: [{ kind: 'int64', dims: [2, 2], values: [3, 0, -4, 1] }, floats([2, 3], [1, 2, 3, 4, 5, 6])],
    },
  ],
  ...[{ axis: 1 }, {}].map(
    (attributes): Row => [
      `Compress ${JSON.stringify(attributes)}`,
      {
        op: 'Compress',
        feeds: [[2, 3, 2]],
        constants: [{ kind: 'bool', dims: [3], values: [1, 0, 1] }],
        attributes,
      },
    ],
  ),
  ...(
    [
      ['corners', {}],
      ['centres', { center_point_box: 1 }],
    ] as const
  ).map(
    ([title, attributes]): Row => [
      `NonMaxSuppression of ${title}, two classes`,
      {
        op: 'NonMaxSuppression',
        feeds: [
          [1, 60, 4],
          [1, 2, 60],
        ],
        constants: [ints(12), floats([1], [0.3]), floats([1], [0.1])],
        attributes,
      },
      'cast',
    ],
  ),
  [
    'NonMaxSuppression without thresholds',
    {
      op: 'NonMaxSuppression',
      feeds: [
        [2, 20, 4],
        [2, 1, 20],
      ],
      constants: [ints(100)],
    },
    'cast',
  ],
  ['DynamicQuantizeLinear', { op: 'DynamicQuantizeLinear', feeds: [image], outputs: 3 }, 'cast'],
  [
    'ConvInteger',
    {
      op: 'ConvInteger',
      feeds: [],
      constants: [bytes([1, 2, 6, 5]), bytes([3, 2, 3, 3], 11), bytePoint(100), bytePoint(128)],
      attributes: { pads: [1, 1, 1, 1], strides: [2, 1] },
    },
    'cast',
  ],
  [
    'MatMulInteger',
    {
      op: 'MatMulInteger',
      feeds: [],
      constants: [
        bytes([4, 5]),
        bytes([5, 3], 13),
        bytePoint(10),
        { kind: 'uint8' as const, dims: [3], values: [1, 128, 200] },
      ],
    },
    'cast',
  ],
];

const rows = [
  ...unary,
  ...positiveUnary,
  ...withAlpha,
  ...binary,
  ...comparisons,
  ...reductions,
  ...others,
  ...resizes,
  ...byContent,
].map(([title, node, kind]) => ({ title, node, kind }));

describe.each(plannedBackends)('$id operator by operator agrees with ONNX Runtime', (backend) => {
  test.each(rows)('$title', async ({ node, kind }) => {
    const model = singleNodeModel(node, kind === 'cast');
    await expectAgreement(backend, model, noiseFeeds(node.feeds, kind === 'positive'));
  });
});

test('every operator of the table is compared with ONNX Runtime by some test', () => {
  const random = [
    'Constant',
    'Conv',
    'AveragePool',
    'MaxPool',
    'Reshape',
    'Transpose',
    'BatchNormalization',
    'Clip',
    'Tanh',
  ];
  const compared = new Set([...random, ...rows.map(({ node }) => node.op)]);
  expect([...operatorTable.keys()].filter((operator) => !compared.has(operator))).toEqual([]);
});
