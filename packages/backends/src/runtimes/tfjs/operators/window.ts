import { type GraphNode, nodeError, numberAttribute, numbersAttribute, textAttribute } from '../graph/graph.js';

/** Cells that padding may add to an image beside three times its own; kernels copy the padded image. */
const mostPaddingCells = 2 ** 20;

/** How a kernel moves over the two spatial axes of an image: (vertical, horizontal) pairs in cells. */
export interface Window {
  readonly kernelPx: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and after each axis; `after` includes what ceil mode adds. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Of `after`, what only ceil mode adds. */
  readonly ceilExtra: readonly number[];
  readonly outputPx: readonly number[];
}

/**
 * Read strides, dilations, pads, auto_pad and ceil_mode of a convolution or a pooling. Attributes of one spatial axis
 * hold for the horizontal one.
 *
 * @param dims     input [N, C, H, W].
 * @param kernelPx [vertical, horizontal] size of the kernel.
 */
export function window2d(node: GraphNode, dims: readonly number[], kernelPx: readonly number[]): Window {
  const pair = (name: string): number[] => {
    const values = numbersAttribute(node, name) ?? [1, 1];
    return values.length === 1 ? [1, values[0]] : [...values];
  };
  const strides = pair('strides');
  const dilations = pair('dilations');
  for (const [name, values] of Object.entries({ kernel_shape: kernelPx, strides, dilations })) {
    if (values.length !== 2 || !values.every((value) => Number.isInteger(value) && value >= 1)) {
      throw nodeError(node, `${name}: expected one or two whole numbers of at least 1, got [${values}]`);
    }
  }
  const extent = kernelPx.map((size, axis) => (size - 1) * dilations[axis] + 1);
  const { before, after } = readPads(node, dims.slice(2), extent, strides);
  const ceil = numberAttribute(node, 'ceil_mode', 0) !== 0;
  const ceilExtra = [0, 0];
  const outputPx = dims.slice(2).map((size, axis) => {
    const steps = (size + before[axis] + after[axis] - extent[axis]) / strides[axis];
    let count = Math.floor(steps) + 1;
    // A last window that starts beyond the input and its left padding is left out.
    if (ceil && steps > count - 1 && count * strides[axis] < size + before[axis]) {
      ceilExtra[axis] = count * strides[axis] + extent[axis] - size - before[axis] - after[axis];
      count++;
    }
    return count;
  });
  if (outputPx.some((size) => !(size >= 1))) {
    throw nodeError(
      node,
      `an input of ${dims.slice(2).join(' x ')} cells is smaller than the kernel of ${extent.join(' x ')}`,
    );
  }
  const fullAfter = after.map((size, axis) => size + ceilExtra[axis]);
  const [height, width] = dims.slice(2).map((size, axis) => size + before[axis] + fullAfter[axis]);
  if (height * width > 4 * dims[2] * dims[3] + mostPaddingCells) {
    throw nodeError(node, `pads that make ${dims[2]} x ${dims[3]} cells ${height} x ${width}`);
  }
  return { kernelPx, strides, dilations, before, after: fullAfter, ceilExtra, outputPx };
}

function readPads(
  node: GraphNode,
  inputPx: readonly number[],
  extent: readonly number[],
  strides: readonly number[],
): { before: number[]; after: number[] } {
  const auto = textAttribute(node, 'auto_pad', 'NOTSET');
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const total = inputPx.map((size, axis) =>
      Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + extent[axis] - size),
    );
    const small = total.map((pads) => Math.floor(pads / 2));
    const large = total.map((pads, axis) => pads - small[axis]);
    return auto === 'SAME_UPPER' ? { before: small, after: large } : { before: large, after: small };
  }
  if (auto !== 'NOTSET' && auto !== 'VALID') throw nodeError(node, `auto_pad ${auto} is not supported`);
  const pads = (auto === 'NOTSET' ? numbersAttribute(node, 'pads') : undefined) ?? [0, 0, 0, 0];
  if (pads.some((size) => !(size >= 0))) throw nodeError(node, `negative pads [${pads}] are not supported`);
  if (pads.length !== 2 && pads.length !== 4) throw nodeError(node, `pads: expected two or four, got [${pads}]`);
  if (pads.length === 2) return { before: [0, pads[0]], after: [0, pads[1]] };
  return { before: [pads[0], pads[1]], after: [pads[2], pads[3]] };
}
