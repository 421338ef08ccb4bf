import type { OnnxAttribute, OnnxModel, OnnxTensor } from '@retinabench/models';
import fc from 'fast-check';

/** Numbers that sizes, axes and steps are set to: mostly sensible ones. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, 1, 2, 2, 3, 4, -1) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-2, 5, 8, 64, 4097, 2 ** 20, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 40, 2 ** 53 - 1),
  },
);
const numbers = fc.array(number, { maxLength: 6 });

const attribute: fc.Arbitrary<OnnxAttribute> = fc.oneof(
  { weight: 4, arbitrary: number.map((value): OnnxAttribute => ({ kind: 'int', value })) },
  { weight: 4, arbitrary: numbers.map((value): OnnxAttribute => ({ kind: 'ints', value })) },
  fc.constantFrom(0, 0.5, 2, -1, 1e30, Number.NaN).map((value): OnnxAttribute => ({ kind: 'float', value })),
  fc
    .constantFrom('', 'nearest', 'linear', 'SAME_UPPER', 'CRD', 'edge')
    .map((value): OnnxAttribute => ({ kind: 'string', value })),
  fc.constant<OnnxAttribute>({ kind: 'floats', value: [1, 2, 0.5] }),
  fc.constant<OnnxAttribute>({ kind: 'tensor', value: floats('', [1], [3]) }),
);

/** Names that operators look for, and some that are properties of every object. */
const attributeNames = [
  ...[
    'axis',
    'axes',
    'perm',
    'pads',
    'strides',
    'dilations',
    'kernel_shape',
    'group',
    'blocksize',
    'to',
    'starts',
    'ends',
  ],
  ...[
    'num_outputs',
    'split',
    'mode',
    'size',
    'auto_pad',
    'output_padding',
    'output_shape',
    'alpha',
    'epsilon',
    'keepdims',
  ],
  ...['num_groups', 'value', 'value_ints', 'shape', 'allowzero', 'scales', 'ceil_mode', 'steps', 'end', 'p', 'repeats'],
  ...['coordinate_transformation_mode', 'nearest_mode', '__proto__', 'constructor'],
];

const attributes = fc
  .array(fc.tuple(fc.constantFrom(...attributeNames), attribute), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries) as Record<string, OnnxAttribute>);

function floats(name: string, dims: readonly number[], values?: readonly number[]): OnnxTensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from({ length: count }, (_, index) => values?.[index] ?? ((index * 7) % 11) / 11 - 0.4);
  return { name, elementType: 'float', dims, bytes: new Uint8Array(data.buffer) };
}

function ints(name: string, values: readonly number[], dims: readonly number[] = [values.length]): OnnxTensor {
  return { name, elementType: 'int64', dims, bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) };
}

/** Weights that fit the input, weights that do not, and lists of whole numbers as shapes, axes and repetitions. */
const constants = fc
  .tuple(numbers, numbers, number)
  .map(([first, second, scalar]): OnnxTensor[] => [
    floats('filter', [4, 4, 3, 3]),
    floats('depthwise', [4, 1, 3, 3]),
    floats('channel', [4]),
    floats('scalar', [], [2]),
    floats('matrix', [6, 3]),
    floats('none', [0]),
    floats('wide', [2 ** 31, 0]),
    ints('list', first),
    ints('other', second),
    ints('number', [scalar], []),
    ints('image', [1, 4, 6, 6]),
    ints('twice', [1, 1, 2, 2]),
  ]);

/**
 * Networks of one to five nodes of the given operators, whose inputs, constants and attributes fit now and then: what a
 * converter must refuse by name, and never carry out at any price.
 */
export function randomOnnx(operators: readonly string[]): fc.Arbitrary<OnnxModel> {
  const node = fc.record({
    op: fc.constantFrom(...operators),
    // Reaches back from the newest value; the input is among them.
    first: fc.nat(2),
    others: fc.array(fc.oneof(fc.nat(15), fc.nat(30)), { maxLength: 3 }),
    outputs: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.constant(2)),
    attributes,
  });
  const dims = fc.constantFrom<(number | string)[]>(
    [1, 4, 6, 6],
    [1, 4, 6, 6],
    ['n', 4, 'h', 6],
    [2, 6],
    [1, 3, 5],
    [],
  );
  return fc
    .tuple(dims, constants, fc.array(node, { minLength: 1, maxLength: 5 }))
    .map(([inputDims, initialisers, plan]) => {
      const made = ['x'];
      const fixed = initialisers.map(({ name }) => name);
      const nodes = plan.map(({ op, first, others, outputs, attributes: given }, index) => {
        const names = [...fixed, '', ...made];
        const inputs = [
          made[Math.max(0, made.length - 1 - first)],
          ...others.map((other) => names[other % names.length]),
        ];
        const outputNames = Array.from({ length: outputs }, (_, output) => `v${index}.${output}`);
        made.push(...outputNames);
        return { name: `n${index}`, op, domain: '', inputs, outputs: outputNames, attributes: given };
      });
      const last = made[made.length - 1];
      return {
        irVersion: 8,
        opset: 13,
        producer: '',
        metadata: {},
        graph: {
          name: 'g',
          nodes,
          initialisers,
          inputs: [{ name: 'x', elementType: 'float', dims: inputDims }],
          outputs: [{ name: last, elementType: 'float', dims: [] }],
        },
      };
    });
}
