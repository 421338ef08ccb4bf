import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute, numbersAttribute, textAttribute } from '../graph/graph.js';
import { hostInts } from '../graph/host-tensor.js';
import type { Planner } from '../plan/planner.js';
import { channelsLastOrder, hostValue, type Value } from '../plan/value.js';
import { planTake } from './gather.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';
import { type AxisMap, interpolationMatrix, nearestIndices } from './resample.js';

/** ONNX's Resize, and Upsample of older files: nearest, linear or cubic on the spatial axes of an image. */
export const resize: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const target = readTarget(planner, node, inputs, value.dims);
  const mode = textAttribute(node, 'mode', 'nearest');
  const changed = target.flatMap(({ outputPx }, axis) =>
    outputPx !== value.dims[axis] || target[axis].scale !== 1 ? [axis] : [],
  );
  if (changed.length === 0) return [value];
  if (mode === 'nearest') return [planNearest(planner, node, value, target, changed)];
  if (mode !== 'linear' && mode !== 'bilinear' && mode !== 'cubic')
    throw nodeError(node, `mode ${mode} is not supported`);
  if (value.dims.length !== 4 || changed.some((axis) => axis < 2)) {
    throw nodeError(
      node,
      `mode ${mode} on axes [${changed}] of [${value.dims}]; only images [N, C, H, W] are supported`,
    );
  }
  return [planInterpolation(planner, node, value, target)];
};

/** Per axis the output's length and the scale that ONNX's formulas use. */
function readTarget(
  planner: Planner,
  node: GraphNode,
  inputs: readonly (Value | undefined)[],
  dims: readonly number[],
): AxisMap[] {
  const old = node.operator === 'Upsample' || planner.opset < 11;
  const optional = (index: number, what: string): number[] | undefined => {
    const input = inputs[index];
    const numbers = input && planner.numbers(input, what);
    return numbers && numbers.length > 0 ? numbers : undefined;
  };
  const scales = old
    ? (optional(1, 'the scales') ?? numbersAttribute(node, 'scales')?.slice())
    : optional(2, 'the scales');
  const sizes = old ? undefined : optional(3, 'the sizes');
  if (!scales && !sizes) throw nodeError(node, 'neither scales nor sizes are given');
  if (textAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw nodeError(node, 'only keep_aspect_ratio_policy stretch is supported');
  }
  if (numberAttribute(node, 'antialias', 0) !== 0) throw nodeError(node, 'antialias is not supported');
  const coordinates = textAttribute(node, 'coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  const axes = numbersAttribute(node, 'axes')?.map((axis) => normaliseAxis(node, axis, dims.length));
  return dims.map((inputPx, axis) => {
    const at = axes ? axes.indexOf(axis) : axis;
    if (at < 0) return { inputPx, outputPx: inputPx, scale: 1, coordinates };
    const outputPx = sizes ? sizes[at] : Math.floor(inputPx * (scales ?? [])[at]);
    if (!(outputPx >= 1)) throw nodeError(node, `axis ${axis} of ${inputPx} becomes ${outputPx}`);
    return { inputPx, outputPx, scale: sizes ? outputPx / inputPx : (scales ?? [])[at], coordinates };
  });
}

/** Copies of cells; doubling and other whole powers of two run in one kernel, all else as one gather per axis. */
function planNearest(
  planner: Planner,
  node: GraphNode,
  value: Value,
  target: readonly AxisMap[],
  changed: readonly number[],
): Value {
  const old = node.operator === 'Upsample' || planner.opset < 11;
  const rounding = textAttribute(node, 'nearest_mode', old ? 'floor' : 'round_prefer_floor');
  const picks = new Map(changed.map((axis) => [axis, nearestIndices(node, target[axis], rounding)]));
  const repeats = [...picks].every(([axis, indices]) => {
    const factor = target[axis].outputPx / target[axis].inputPx;
    return (
      axis >= 2 &&
      Math.log2(factor) % 1 === 0 &&
      factor >= 1 &&
      indices.every((from, to) => from === Math.floor(to / factor))
    );
  });
  if (repeats && value.dims.length === 4) {
    const image = planner.inOrder(value, channelsLastOrder(4));
    const size: [number, number] = [target[2].outputPx, target[3].outputPx];
    return planner.step([image], { ...image, dims: [...value.dims.slice(0, 2), ...size] }, (x) =>
      tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size),
    );
  }
  let resized = value;
  for (const [axis, indices] of picks) {
    resized = planTake(planner, resized, axis, hostValue(hostInts(indices)));
  }
  return resized;
}

/** Linear by TensorFlow.js's kernel where its coordinates are the same; else a product with one matrix per axis. */
function planInterpolation(planner: Planner, node: GraphNode, value: Value, target: readonly AxisMap[]): Value {
  const image = planner.inOrder(value, channelsLastOrder(4));
  const [rows, columns] = target.slice(2);
  const dims = [value.dims[0], value.dims[1], rows.outputPx, columns.outputPx];
  const result = { dims, order: image.order, type: 'float' as const };
  const cubic = textAttribute(node, 'mode', 'linear') === 'cubic';
  const exactScale = [rows, columns].every(({ inputPx, outputPx, scale }) => outputPx === inputPx * scale);
  const halfPixel = rows.coordinates === 'half_pixel';
  if (
    !cubic &&
    (rows.coordinates === 'align_corners' || (exactScale && (halfPixel || rows.coordinates === 'asymmetric')))
  ) {
    const size: [number, number] = [rows.outputPx, columns.outputPx];
    const aligned = rows.coordinates === 'align_corners' && size.every((length) => length > 1);
    if (aligned || rows.coordinates !== 'align_corners') {
      return planner.step([image], result, (x) => tf.image.resizeBilinear(x as tf.Tensor4D, size, aligned, halfPixel));
    }
  }
  const matrices = [rows, columns].map((axis) => hostValue(interpolationMatrix(node, axis, cubic)));
  const [batch, channels] = value.dims;
  return planner.step([image, ...matrices], result, (x, vertical, horizontal) => {
    const lines = tf.reshape(x, [batch, rows.inputPx, columns.inputPx * channels]);
    const tall = tf.matMul(tf.tile(tf.expandDims(vertical, 0), [batch, 1, 1]), lines);
    const cells = tf.reshape(tall, [batch * rows.outputPx, columns.inputPx, channels]);
    const wide = tf.matMul(tf.tile(tf.expandDims(horizontal, 0), [batch * rows.outputPx, 1, 1]), cells);
    return tf.reshape(wide, [batch, rows.outputPx, columns.outputPx, channels]);
  });
}
