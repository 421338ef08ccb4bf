import { tfliteTypes } from '@retinabench/models';
import { broadcastDims } from './broadcast-dims.js';
import { padded, reshaped, transposed } from './images.js';
import { type Kernel, type KernelCall, listOf, numberOf } from './kernel.js';
import { recordedType } from './recorded-type.js';
import type { Recorded } from './recorder.js';

const identity: Kernel = ({ input }) => input('x');

const cast: Kernel = ({ record, input, attributes }) =>
  record.cast(input('x'), recordedType(attributes.dtype as string));

const reshape: Kernel = (call) => reshaped(call.record, call.input('x'), listOf(call, 'shape'));

const expandDims: Kernel = (call) => {
  const value = call.input('input');
  const written = numberOf(call, 'dim');
  const axis = written < 0 ? written + value.dims.length + 1 : written;
  return reshaped(call.record, value, [...value.dims.slice(0, axis), 1, ...value.dims.slice(axis)]);
};

const transpose: Kernel = (call) => transposed(call.record, call.input('x'), listOf(call, 'perm'));

const pad: Kernel = (call) =>
  padded(
    call.record,
    call.input('x'),
    call.attributes.paddings as readonly (readonly [number, number])[],
    numberOf(call, 'constantValue'),
  );

const concat: Kernel = (call) => {
  const { record, inputs } = call;
  const written = numberOf(call, 'axis');
  const axis = written < 0 ? written + inputs[0].dims.length : written;
  const total = inputs.reduce((sum, { dims }) => sum + dims[axis], 0);
  const dims = inputs[0].dims.map((size, at) => (at === axis ? total : size));
  return record.node('CONCATENATION', inputs, dims, inputs[0].type, { axis });
};

const slice: Kernel = (call) => {
  const { record, input } = call;
  const x = input('x');
  const begin = listOf(call, 'begin');
  const size = listOf(call, 'size').map((length, axis) => (length < 0 ? x.dims[axis] - begin[axis] : length));
  return record.node('SLICE', [x, record.integers(begin), record.integers(size)], size);
};

/** TensorFlow.js's bounds are those of its own slices: none negative, none beyond the axis. */
const stridedSlice: Kernel = (call) => {
  const { record, input } = call;
  const x = input('x');
  const [begin, end, strides] = ['begin', 'end', 'strides'].map((name) => listOf(call, name));
  const dims = begin.map((from, axis) => Math.ceil((Math.min(end[axis], x.dims[axis]) - from) / strides[axis]));
  return record.node('STRIDED_SLICE', [x, ...[begin, end, strides].map((list) => record.integers(list))], dims);
};

const gather: Kernel = (call) => {
  const { record, input } = call;
  const x = input('x');
  const indices = input('indices');
  const axis = numberOf(call, 'axis');
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return record.node('GATHER', [x, indices], dims, x.type, { axis });
};

const tile: Kernel = (call) => {
  const { record, input } = call;
  const x = input('x');
  const repeats = listOf(call, 'reps');
  const ranked = reshaped(record, x, [...new Array<number>(repeats.length - x.dims.length).fill(1), ...x.dims]);
  const dims = ranked.dims.map((size, axis) => size * repeats[axis]);
  return record.node('TILE', [ranked, record.integers(repeats)], dims);
};

function reduce(operator: string, attribute: 'axis' | 'reductionIndices'): Kernel {
  return (call) => {
    const x = call.input('x');
    const given = call.attributes[attribute] == null ? x.dims.map((_, axis) => axis) : listOf(call, attribute);
    const axes = given.map((axis) => (axis < 0 ? axis + x.dims.length : axis));
    const keepDims = Boolean(call.attributes.keepDims);
    const dims = x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const kept = keepDims ? dims : dims.filter((_, axis) => !axes.includes(axis));
    return call.record.node(operator, [x, call.record.integers(axes)], kept, x.type, { keepDims: Number(keepDims) });
  };
}

function argument(operator: 'ARG_MAX' | 'ARG_MIN'): Kernel {
  return (call) => {
    const x = call.input('x');
    const axis = numberOf(call, 'axis');
    const dims = x.dims.filter((_, at) => at !== axis);
    const outputType = tfliteTypes.indexOf('int32');
    return call.record.node(operator, [x, call.record.integers([axis])], dims, 'int32', { outputType });
  };
}

/** A matrix product; by a constant matrix as a fully connected layer, which packs its weights once. */
const product: Kernel = (call) => {
  const { record, input, attributes } = call;
  const [a, b] = [input('a'), input('b')];
  const [transposeLeft, transposeRight] = [Boolean(attributes.transposeA), Boolean(attributes.transposeB)];
  const rows = a.dims[a.dims.length - (transposeLeft ? 1 : 2)];
  const columns = b.dims[b.dims.length - (transposeRight ? 2 : 1)];
  const batch = broadcastDims(a.dims.slice(0, -2), b.dims.slice(0, -2));
  const dims = [...batch, rows, columns];
  if (b.values && !transposeLeft && batch.every((size) => size === 1)) {
    return connected(call, a, b, transposeRight, dims);
  }
  return record.node('BATCH_MATMUL', [a, b], dims, 'float32', {
    transposeLeft: Number(transposeLeft),
    transposeRight: Number(transposeRight),
  });
};

function connected(
  { record }: KernelCall,
  a: Recorded,
  b: Recorded,
  transposeRight: boolean,
  dims: readonly number[],
): Recorded {
  const flat = reshaped(record, a, a.dims.slice(-2));
  const matrix = reshaped(record, b, b.dims.slice(-2));
  const weights = transposeRight ? matrix : transposed(record, matrix, [1, 0]);
  const bias = record.constant(new Float32Array(weights.dims[0]), [weights.dims[0]], 'float32');
  const made = record.node('FULLY_CONNECTED', [flat, weights, bias], [flat.dims[0], weights.dims[0]], 'float32', {});
  return reshaped(record, made, dims);
}

const softmax: Kernel = ({ record, input }) =>
  record.node('SOFTMAX', [input('logits')], input('logits').dims, 'float32', { beta: 1 });

const logSoftmax: Kernel = ({ record, input }) => record.node('LOG_SOFTMAX', [input('logits')], input('logits').dims);

/** Kernels that move, gather and sum up elements, by TensorFlow.js's names. */
export const arrayKernels: readonly (readonly [string, Kernel])[] = [
  ['ArgMax', argument('ARG_MAX')],
  ['ArgMin', argument('ARG_MIN')],
  ['BatchMatMul', product],
  ['Cast', cast],
  ['Concat', concat],
  ['ExpandDims', expandDims],
  ['GatherV2', gather],
  ['Identity', identity],
  ['LogSoftmax', logSoftmax],
  ['Max', reduce('REDUCE_MAX', 'reductionIndices')],
  ['Mean', reduce('MEAN', 'axis')],
  ['Min', reduce('REDUCE_MIN', 'axis')],
  ['PadV2', pad],
  ['Prod', reduce('REDUCE_PROD', 'axis')],
  ['Reshape', reshape],
  ['Slice', slice],
  ['Softmax', softmax],
  ['StridedSlice', stridedSlice],
  ['Sum', reduce('SUM', 'axis')],
  ['Tile', tile],
  ['Transpose', transpose],
];
