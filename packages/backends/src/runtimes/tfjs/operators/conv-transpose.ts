import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute, numbersAttribute } from '../graph/graph.js';
import { checkedCount, foldLimit } from '../plan/limits.js';
import type { Planner } from '../plan/planner.js';
import { channelsLastOrder, knownTensor, type Value } from '../plan/value.js';
import { type Operator, requiredInput } from './operator.js';
import { planSlice } from './slice.js';
import { sliceWeight } from './weight-rows.js';

/** ONNX's ConvTranspose on one or two spatial axes. */
export const convTranspose: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const weight = requiredInput(node, inputs, 1);
  if (x.dims.length === 3) {
    const image = planner.reshape(x, [x.dims[0], x.dims[1], 1, x.dims[2]]);
    const filter = planner.reshape(weight, [weight.dims[0], weight.dims[1], 1, weight.dims[2]]);
    const made = planTranspose(planner, node, image, filter, inputs[2]);
    return [planner.reshape(made, [made.dims[0], made.dims[1], made.dims[3]])];
  }
  if (x.dims.length !== 4) throw nodeError(node, `input of rank ${x.dims.length}; ranks 3 and 4 are supported`);
  return [planTranspose(planner, node, x, weight, inputs[2])];
};

/**
 * The gradient of an unpadded convolution gives every cell that any input cell reaches; the pads crop it, and the output
 * padding adds cells that none reaches.
 */
function planTranspose(planner: Planner, node: GraphNode, x: Value, weight: Value, bias: Value | undefined): Value {
  const groups = numberAttribute(node, 'group', 1);
  const [channels, outPerGroup, ...kernelPx] = weight.dims;
  if (channels !== x.dims[1]) throw nodeError(node, `input of ${x.dims[1]} channels, weights for ${channels}`);
  if (!(groups >= 1) || channels % groups !== 0) throw nodeError(node, `${channels} channels in ${groups} groups`);
  const spread = (name: string): number[] => lastTwo(numbersAttribute(node, name));
  const [strides, dilations] = [spread('strides'), spread('dilations')];
  const order = channelsLastOrder(4);
  const image = planner.inOrder(x, order);
  const extent = kernelPx.map((size, axis) => (size - 1) * dilations[axis] + 1);
  const full = x.dims.slice(2).map((size, axis) => (size - 1) * strides[axis] + extent[axis]);
  const { begin, outputPx } = transposePadding(node, full, extent, strides, x.dims.slice(2));
  const perGroup = channels / groups;
  const filters = Array.from({ length: groups }, (_, group) => {
    const rows = sliceWeight(planner, weight, group * perGroup, perGroup);
    return planner.inOrder(dilate(planner, node, rows, dilations), [2, 3, 1, 0]);
  });
  const parts = filters.map((filter, group) => {
    const input = groups === 1 ? image : planSlice(planner, image, 1, group * perGroup, perGroup);
    const result = { dims: [x.dims[0], outPerGroup, ...full], order, type: 'float' as const };
    const shape: [number, number, number, number] = [x.dims[0], full[0], full[1], outPerGroup];
    return planner.step([input, filter], result, (a, kernel) =>
      tf.conv2dTranspose(a as tf.Tensor4D, kernel as tf.Tensor4D, shape, [strides[0], strides[1]], 'valid'),
    );
  });
  const outChannels = outPerGroup * groups;
  const whole =
    parts.length === 1
      ? parts[0]
      : planner.step(parts, { dims: [x.dims[0], outChannels, ...full], order, type: 'float' }, (...tensors) =>
          tf.concat(tensors, 3),
        );
  const missing = outputPx.map((size, axis) => Math.max(0, begin[axis] + size - full[axis]));
  const dims = [x.dims[0], outChannels, ...outputPx];
  const crop = begin.some((value) => value > 0) || outputPx.some((size, axis) => size !== full[axis]);
  return planner.step([whole, ...(bias ? [bias] : [])], { dims, order, type: 'float' }, (a, b) => {
    const extended = missing.some((size) => size > 0)
      ? tf.pad(a, [
          [0, 0],
          [0, missing[0]],
          [0, missing[1]],
          [0, 0],
        ])
      : a;
    const cropped = crop
      ? tf.slice(extended, [0, begin[0], begin[1], 0], [dims[0], outputPx[0], outputPx[1], outChannels])
      : extended;
    return b ? tf.add(cropped, b) : cropped.clone();
  });
}

/** Cells to crop at the start, and the output's size, by ONNX's rules for pads, auto_pad, output_shape and output_padding. */
function transposePadding(
  node: GraphNode,
  full: readonly number[],
  extent: readonly number[],
  strides: readonly number[],
  inputPx: readonly number[],
): { begin: number[]; outputPx: number[] } {
  const extra = lastTwo(numbersAttribute(node, 'output_padding'), 0);
  const wanted = numbersAttribute(node, 'output_shape');
  const auto = node.attributes.get('auto_pad');
  const same = auto === 'SAME_UPPER' || auto === 'SAME_LOWER';
  if (wanted || same) {
    const outputPx = wanted ? lastTwo(wanted) : inputPx.map((size, axis) => size * strides[axis]);
    const total = outputPx.map((size, axis) => full[axis] + extra[axis] - size);
    const begin = total.map((pads) => (auto === 'SAME_UPPER' ? Math.floor(pads / 2) : pads - Math.floor(pads / 2)));
    if (begin.some((value) => value < 0)) throw nodeError(node, 'an output larger than the input reaches');
    return { begin, outputPx };
  }
  const pads = numbersAttribute(node, 'pads') ?? [0, 0, 0, 0];
  const [top, left, bottom, right] = pads.length === 2 ? [0, pads[0], 0, pads[1]] : pads;
  const outputPx = [full[0] + extra[0] - top - bottom, full[1] + extra[1] - left - right];
  if (outputPx.some((size) => size < 1))
    throw nodeError(node, `pads [${pads}] leave nothing of ${extent.join(' x ')} cells`);
  return { begin: [top, left], outputPx };
}

/** Values of both spatial axes; one axis applies to both, an absent list for `absent` twice. */
function lastTwo(values: readonly number[] | undefined, absent = 1): number[] {
  if (!values) return [absent, absent];
  return values.length === 1 ? [absent, values[0]] : values.slice(-2);
}

/** Weights [I, O, h, w] with zeros between their cells, so that an ordinary kernel reaches as far as a dilated one. */
function dilate(planner: Planner, node: GraphNode, weight: Value, dilations: readonly number[]): Value {
  if (dilations.every((value) => value === 1)) return weight;
  const known = knownTensor(weight);
  if (!known) throw nodeError(node, 'dilations with weights that are not constant');
  const [rows, columns] = known.dims.slice(2);
  const [height, width] = [(rows - 1) * dilations[0] + 1, (columns - 1) * dilations[1] + 1];
  const tensor = planner.stores.derived.derive(known, `dilate ${dilations}`, () => {
    const size = known.dims[0] * known.dims[1] * height * width;
    const data = new Float32Array(checkedCount(node, size, 'dilated weights', foldLimit));
    for (let i = 0; i < known.data.length; i++) {
      const column = i % columns;
      const row = Math.floor(i / columns) % rows;
      const filter = Math.floor(i / (columns * rows));
      data[(filter * height + row * dilations[0]) * width + column * dilations[1]] = known.data[i];
    }
    return { type: 'float', dims: [known.dims[0], known.dims[1], height, width], data };
  });
  return { ...weight, dims: tensor.dims, source: { kind: 'host', tensor } };
}
