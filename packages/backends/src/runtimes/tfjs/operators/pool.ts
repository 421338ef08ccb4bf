import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute, numbersAttribute } from '../graph/graph.js';
import type { Planner } from '../plan/planner.js';
import { channelsLastOrder, hostValue, type Value } from '../plan/value.js';
import { type Operator, requiredInput } from './operator.js';
import { type Window, window2d } from './window.js';

type Padding = [[number, number], [number, number], [number, number], [number, number]];

/** Run `plan` on images; one spatial axis becomes two of which the first has length 1. */
function pool(plan: (planner: Planner, node: GraphNode, image: Value, window: Window) => Value): Operator {
  return (planner, node, inputs) => {
    const value = requiredInput(node, inputs, 0);
    const kernel = numbersAttribute(node, 'kernel_shape');
    if (!kernel) throw nodeError(node, 'attribute kernel_shape is missing');
    const line = value.dims.length === 3;
    if (!line && value.dims.length !== 4) {
      throw nodeError(node, `input of rank ${value.dims.length}; ranks 3 and 4 are supported`);
    }
    const shaped = line ? planner.reshape(value, [value.dims[0], value.dims[1], 1, value.dims[2]]) : value;
    const window = window2d(node, shaped.dims, line ? [1, kernel[0]] : kernel);
    const made = plan(planner, node, planner.inOrder(shaped, channelsLastOrder(4)), window);
    return [line ? planner.reshape(made, [made.dims[0], made.dims[1], made.dims[3]]) : made];
  };
}

const maxPool = pool((planner, _node, image, window) => {
  const result = { ...image, dims: [...image.dims.slice(0, 2), ...window.outputPx] };
  const { kernelPx, strides, dilations, before, after } = window;
  const padding = spatialPadding(before, after);
  const simple = dilations.every((step) => step === 1) && kernelPx.some((size) => size > 1);
  const padded = [...before, ...after].some((size) => size > 0);
  if (simple) {
    const size: [number, number] = [kernelPx[0], kernelPx[1]];
    const steps: [number, number] = [strides[0], strides[1]];
    return planner.step([image], result, (x) => {
      if (!padded) return tf.maxPool(x as tf.Tensor4D, size, steps, 'valid');
      if (tf.getBackend() !== 'tensorflow') return tf.maxPool(x as tf.Tensor4D, size, steps, padding);
      return tf.maxPool(tf.pad(x, padding, lowest) as tf.Tensor4D, size, steps, 'valid');
    });
  }
  return planner.step([image], result, (x) => {
    const extended = padded ? tf.pad(x, padding, lowest) : x;
    const shifted = shiftedViews(extended, window);
    return shifted.length === 1 ? shifted[0].clone() : shifted.reduce((best, view) => tf.maximum(best, view));
  });
});

/** Below every finite float32. */
const lowest = -3.4028234663852886e38;

/** What each cell of the kernel sees, for every position of the window. */
function shiftedViews(x: tf.Tensor, { kernelPx, strides, dilations, outputPx }: Window): tf.Tensor[] {
  return Array.from({ length: kernelPx[0] * kernelPx[1] }, (_, cell) => {
    const top = Math.floor(cell / kernelPx[1]) * dilations[0];
    const left = (cell % kernelPx[1]) * dilations[1];
    const end = [
      x.shape[0],
      top + (outputPx[0] - 1) * strides[0] + 1,
      left + (outputPx[1] - 1) * strides[1] + 1,
      x.shape[3] ?? 1,
    ];
    return tf.stridedSlice(x, [0, top, left, 0], end, [1, strides[0], strides[1], 1]);
  });
}

const averagePool = pool((planner, node, image, window) => {
  const result = { ...image, dims: [...image.dims.slice(0, 2), ...window.outputPx] };
  const { kernelPx, before, after, dilations, strides } = window;
  const padding = spatialPadding(before, after);
  const padded = [...before, ...after].some((size) => size > 0);
  const cells = kernelPx[0] * kernelPx[1];
  const ratio = cellRatio(image.dims.slice(2), window, numberAttribute(node, 'count_include_pad', 0) !== 0);
  const whole = ratio.every((value) => value === 1);
  const factor = hostValue({ type: 'float', dims: [1, ...window.outputPx, 1], data: ratio });
  const simple = dilations.every((step) => step === 1) && cells > 1;
  return planner.step(whole ? [image] : [image, factor], result, (x, scale) => {
    const extended = padded ? tf.pad(x, padding) : x;
    const mean = simple
      ? tf.avgPool(extended as tf.Tensor4D, [kernelPx[0], kernelPx[1]], [strides[0], strides[1]], 'valid')
      : tf.div(tf.addN(shiftedViews(extended, window)), cells);
    return whole ? mean : tf.mul(mean, scale);
  });
});

/** Per position, the kernel's cells over the cells that count: all but padding, or all but what ceil mode added. */
function cellRatio(inputPx: readonly number[], window: Window, includePads: boolean): Float32Array {
  const counts = inputPx.map((size, axis) => {
    const low = includePads ? -window.before[axis] : 0;
    const high = includePads ? size + window.after[axis] - window.ceilExtra[axis] : size;
    return Array.from({ length: window.outputPx[axis] }, (_, position) => {
      const start = position * window.strides[axis] - window.before[axis];
      let count = 0;
      for (let cell = 0; cell < window.kernelPx[axis]; cell++) {
        const at = start + cell * window.dilations[axis];
        if (at >= low && at < high) count++;
      }
      return count;
    });
  });
  const cells = window.kernelPx[0] * window.kernelPx[1];
  return Float32Array.from(counts[0].flatMap((rows) => counts[1].map((columns) => cells / (rows * columns))));
}

function spatialPadding(before: readonly number[], after: readonly number[]): Padding {
  return [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ];
}

/** Reduce all spatial axes to length 1. */
function globalPool(kernel: (x: tf.Tensor, axes: number[]) => tf.Tensor): Operator {
  return (planner, node, inputs) => {
    const value = requiredInput(node, inputs, 0);
    const axes = value.order.flatMap((axis, position) => (axis >= 2 ? [position] : []));
    const dims = value.dims.map((size, axis) => (axis >= 2 ? 1 : size));
    return [planner.step([value], { ...value, dims }, (x) => kernel(x, axes))];
  };
}

/** Pooling. */
export const poolOperators: readonly (readonly [string, Operator])[] = [
  ['AveragePool', averagePool],
  ['GlobalAveragePool', globalPool((x, axes) => tf.mean(x, axes, true))],
  ['GlobalMaxPool', globalPool((x, axes) => tf.max(x, axes, true))],
  ['MaxPool', maxPool],
];
