import { broadcastDims } from './broadcast-dims.js';
import type { Kernel, KernelCall } from './kernel.js';
import type { Recorded } from './recorder.js';

/** An operator on single elements that TensorFlow Lite has. */
function unary(operator: string): Kernel {
  return ({ record, input }) => record.node(operator, [input('x')], input('x').dims);
}

/** An operator on two tensors with broadcasting that TensorFlow Lite has. */
function binary(operator: string, result?: 'bool'): Kernel {
  return ({ record, input }) => pair(record, operator, input('a'), input('b'), result);
}

function pair(
  record: KernelCall['record'],
  operator: string,
  a: Recorded,
  b: Recorded,
  type: Recorded['type'] = a.type,
): Recorded {
  return record.node(operator, [a, b], broadcastDims(a.dims, b.dims), type);
}

const clip: Kernel = (call) => {
  const { record, input, attributes } = call;
  const x = input('x');
  const low = pair(record, 'MAXIMUM', x, record.scalar(attributes.clipValueMin as number));
  return pair(record, 'MINIMUM', low, record.scalar(attributes.clipValueMax as number));
};

const reciprocal: Kernel = ({ record, input }) => pair(record, 'DIV', record.scalar(1), input('x'));

const logPlusOne: Kernel = ({ record, input }) => {
  const x = input('x');
  return record.node('LOG', [pair(record, 'ADD', x, record.scalar(1))], x.dims);
};

/** (exp(x) + sign exp(-x)) / 2: the hyperbolic sine and cosine. */
function hyperbolic(operator: 'ADD' | 'SUB'): Kernel {
  return ({ record, input }) => {
    const x = input('x');
    const grown = record.node('EXP', [x], x.dims);
    const shrunk = record.node('EXP', [record.node('NEG', [x], x.dims)], x.dims);
    return pair(record, 'MUL', pair(record, operator, grown, shrunk), record.scalar(0.5));
  };
}

const tangent: Kernel = ({ record, input }) => {
  const x = input('x');
  return pair(record, 'DIV', record.node('SIN', [x], x.dims), record.node('COS', [x], x.dims));
};

const one = (record: KernelCall['record']): Recorded => record.scalar(1);

/** sqrt(1 - x^2). */
function cosineOf(record: KernelCall['record'], x: Recorded): Recorded {
  return record.node('SQRT', [pair(record, 'SUB', one(record), pair(record, 'MUL', x, x))], x.dims);
}

const atan: Kernel = ({ record, input }) => pair(record, 'ATAN2', input('x'), ones(record, input('x')));
const asin: Kernel = ({ record, input }) => pair(record, 'ATAN2', input('x'), cosineOf(record, input('x')));
const acos: Kernel = ({ record, input }) => pair(record, 'ATAN2', cosineOf(record, input('x')), input('x'));

/** TensorFlow Lite's ATAN2 does not broadcast. */
function ones(record: KernelCall['record'], x: Recorded): Recorded {
  const size = x.dims.reduce((product, dim) => product * dim, 1);
  return record.constant(new Float32Array(size).fill(1), x.dims, 'float32');
}

/** log(x + sqrt(x^2 -+ 1)), for asinh of |x|, whose sign comes back afterwards. */
function inverseHyperbolic(record: KernelCall['record'], x: Recorded, operator: 'ADD' | 'SUB'): Recorded {
  const root = record.node('SQRT', [pair(record, operator, pair(record, 'MUL', x, x), one(record))], x.dims);
  return record.node('LOG', [pair(record, 'ADD', x, root)], x.dims);
}

const acosh: Kernel = ({ record, input }) => inverseHyperbolic(record, input('x'), 'SUB');

const asinh: Kernel = ({ record, input }) => {
  const x = input('x');
  const size = inverseHyperbolic(record, record.node('ABS', [x], x.dims), 'ADD');
  return pair(record, 'MUL', record.node('SIGN', [x], x.dims), size);
};

const atanh: Kernel = ({ record, input }) => {
  const x = input('x');
  const ratio = pair(record, 'DIV', pair(record, 'ADD', one(record), x), pair(record, 'SUB', one(record), x));
  return pair(record, 'MUL', record.node('LOG', [ratio], x.dims), record.scalar(0.5));
};

/**
 * The error function as sign(x) (1 - t (a1 + t (a2 + ...)) exp(-x^2)), t = 1 / (1 + p |x|).
 * Source: Abramowitz and Stegun, 7.1.26: off by at most 1.5e-7.
 */
const errorFunction: Kernel = ({ record, input }) => {
  const x = input('x');
  const size = record.node('ABS', [x], x.dims);
  const scaled = pair(record, 'MUL', size, record.scalar(0.3275911));
  const t = pair(record, 'DIV', record.scalar(1), pair(record, 'ADD', scaled, record.scalar(1)));
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].reduce<Recorded | undefined>(
    (sum, coefficient) =>
      pair(record, 'MUL', sum ? pair(record, 'ADD', sum, record.scalar(coefficient)) : record.scalar(coefficient), t),
    undefined,
  ) as Recorded;
  const bell = record.node('EXP', [record.node('NEG', [pair(record, 'MUL', x, x)], x.dims)], x.dims);
  const rest = pair(record, 'SUB', record.scalar(1), pair(record, 'MUL', series, bell));
  return pair(record, 'MUL', record.node('SIGN', [x], x.dims), rest);
};

const sumOfAll: Kernel = ({ record, inputs }) =>
  inputs.slice(1).reduce((sum, next) => pair(record, 'ADD', sum, next), inputs[0]);

/** Elements of `t` where the condition holds, else of `e`. */
const select: Kernel = ({ record, input }) => {
  const dims = broadcastDims(input('condition').dims, broadcastDims(input('t').dims, input('e').dims));
  return record.node('SELECT_V2', [input('condition'), input('t'), input('e')], dims, input('t').type);
};

const notANumber: Kernel = ({ record, input }) => pair(record, 'NOT_EQUAL', input('x'), input('x'), 'bool');

const infinite: Kernel = ({ record, input }) => {
  const size = record.node('ABS', [input('x')], input('x').dims);
  return pair(record, 'EQUAL', size, record.scalar(Number.POSITIVE_INFINITY), 'bool');
};

const leakyRelu: Kernel = ({ record, input, attributes }) =>
  record.node('LEAKY_RELU', [input('x')], input('x').dims, 'float32', { alpha: attributes.alpha as number });

const prelu: Kernel = ({ record, input }) => record.node('PRELU', [input('x'), input('alpha')], input('x').dims);

/** Kernels that work element by element, by TensorFlow.js's names. */
export const elementwiseKernels: readonly (readonly [string, Kernel])[] = [
  ['Abs', unary('ABS')],
  ['Acos', acos],
  ['Acosh', acosh],
  ['Add', binary('ADD')],
  ['AddN', sumOfAll],
  ['Asin', asin],
  ['Asinh', asinh],
  ['Atan', atan],
  ['Atanh', atanh],
  ['Ceil', unary('CEIL')],
  ['ClipByValue', clip],
  ['Cos', unary('COS')],
  ['Cosh', hyperbolic('ADD')],
  ['Elu', unary('ELU')],
  ['Equal', binary('EQUAL', 'bool')],
  ['Erf', errorFunction],
  ['Exp', unary('EXP')],
  ['Floor', unary('FLOOR')],
  ['FloorDiv', binary('FLOOR_DIV')],
  ['Greater', binary('GREATER', 'bool')],
  ['GreaterEqual', binary('GREATER_EQUAL', 'bool')],
  ['IsInf', infinite],
  ['IsNan', notANumber],
  ['LeakyRelu', leakyRelu],
  ['Less', binary('LESS', 'bool')],
  ['LessEqual', binary('LESS_EQUAL', 'bool')],
  ['Log', unary('LOG')],
  ['Log1p', logPlusOne],
  ['LogicalAnd', binary('LOGICAL_AND', 'bool')],
  ['LogicalNot', unary('LOGICAL_NOT')],
  ['LogicalOr', binary('LOGICAL_OR', 'bool')],
  ['Maximum', binary('MAXIMUM')],
  ['Minimum', binary('MINIMUM')],
  ['Mod', binary('FLOOR_MOD')],
  ['Multiply', binary('MUL')],
  ['Neg', unary('NEG')],
  ['NotEqual', binary('NOT_EQUAL', 'bool')],
  ['Pow', binary('POW')],
  ['Prelu', prelu],
  ['RealDiv', binary('DIV')],
  ['Reciprocal', reciprocal],
  ['Relu', unary('RELU')],
  ['Relu6', unary('RELU6')],
  ['Round', unary('ROUND')],
  ['Rsqrt', unary('RSQRT')],
  ['Select', select],
  ['Sigmoid', unary('LOGISTIC')],
  ['Sign', unary('SIGN')],
  ['Sin', unary('SIN')],
  ['Sinh', hyperbolic('SUB')],
  ['Sqrt', unary('SQRT')],
  ['Square', ({ record, input }) => pair(record, 'MUL', input('x'), input('x'))],
  ['SquaredDifference', binary('SQUARED_DIFFERENCE')],
  ['Sub', binary('SUB')],
  ['Tan', tangent],
  ['Tanh', unary('TANH')],
];
