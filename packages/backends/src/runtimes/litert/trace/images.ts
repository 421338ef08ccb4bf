import { tfliteActivation, tflitePadding } from '@retinabench/models';
import { permuteHost } from '../../tfjs/graph/host-tensor.js';
import { type Kernel, type KernelCall, listOf } from './kernel.js';
import type { Recorded, Recorder } from './recorder.js';

/** How TensorFlow.js pads: by name, or [before, after] of each axis of an image stored channels last. */
type Pad = 'valid' | 'same' | readonly (readonly [number, number])[];

/** A window that moves over an image: what TensorFlow Lite needs of it. */
interface Moving {
  /** The image, padded where the file's own paddings cannot say what is wanted. */
  readonly image: Recorded;
  readonly padding: number;
  readonly outputPx: readonly number[];
}

/**
 * TensorFlow Lite pads by itself only so that every stride has its window, the odd cell at the end; all else is a step of
 * its own, which XNNPACK takes into the convolution that follows.
 */
function moving(
  record: Recorder,
  image: Recorded,
  kernelPx: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  pad: Pad,
  fill = 0,
): Moving {
  const extent = kernelPx.map((size, axis) => (size - 1) * dilations[axis] + 1);
  const same = [0, 1].map((axis): readonly [number, number] => {
    const size = image.dims[axis + 1];
    const total = Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + extent[axis] - size);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  });
  const wanted = pad === 'same' ? same : pad === 'valid' ? [[0, 0] as const, [0, 0] as const] : pad.slice(1, 3);
  const outputPx = wanted.map(
    ([before, after], axis) => Math.floor((image.dims[axis + 1] + before + after - extent[axis]) / strides[axis]) + 1,
  );
  if (wanted.every(([before, after]) => before === 0 && after === 0)) {
    return { image, padding: tflitePadding.valid, outputPx };
  }
  const isSame =
    wanted.every(([before, after], axis) => before === same[axis][0] && after === same[axis][1]) && fill === 0;
  if (isSame) return { image, padding: tflitePadding.same, outputPx };
  return { image: padded(record, image, [[0, 0], ...wanted, [0, 0]], fill), padding: tflitePadding.valid, outputPx };
}

/** Cells of `fill` before and after each axis. */
export function padded(
  record: Recorder,
  value: Recorded,
  pads: readonly (readonly [number, number])[],
  fill: number,
): Recorded {
  const dims = value.dims.map((size, axis) => size + pads[axis][0] + pads[axis][1]);
  const amounts = record.constant(Int32Array.from(pads.flat()), [pads.length, 2], 'int32');
  if (fill === 0) return record.node('PAD', [value, amounts], dims);
  const constant =
    value.type === 'float32' ? record.scalar(fill) : record.constant(Int32Array.of(fill), [], value.type);
  return record.node('PADV2', [value, amounts, constant], dims);
}

/** Elements stored in another order of axes; of a constant at once. */
export function transposed(record: Recorder, value: Recorded, permutation: readonly number[]): Recorded {
  const dims = permutation.map((axis) => value.dims[axis]);
  if (value.values instanceof Float32Array) {
    const { data } = permuteHost({ type: 'float', dims: value.dims, data: value.values }, permutation);
    return record.constant(data as Float32Array, dims, 'float32');
  }
  return record.node('TRANSPOSE', [value, record.integers(permutation)], dims);
}

/** A convolution as TensorFlow Lite has it, then the activation that it cannot apply itself. */
function convolution(depthwise: boolean): Kernel {
  return (call) => {
    const { record, input, has } = call;
    const filter = input('filter');
    const [height, width, channels, last] = filter.dims;
    const strides = listOf(call, 'strides');
    const dilations = call.attributes.dilations === undefined ? [1, 1] : listOf(call, 'dilations');
    const { image, padding, outputPx } = moving(
      record,
      input('x'),
      [height, width],
      strides,
      dilations,
      call.attributes.pad as Pad,
    );
    const outChannels = depthwise ? channels * last : last;
    // [H, W, C, M] lies as [1, H, W, C M] does.
    const kernel = depthwise
      ? reshaped(record, filter, [1, height, width, outChannels])
      : transposed(record, filter, [3, 0, 1, 2]);
    const bias = has('bias')
      ? reshaped(record, input('bias'), [outChannels])
      : record.constant(new Float32Array(outChannels), [outChannels], 'float32');
    const fused = call.attributes.activation as keyof typeof tfliteActivation | 'linear' | undefined;
    const made = record.node(
      depthwise ? 'DEPTHWISE_CONV_2D' : 'CONV_2D',
      [image, kernel, bias],
      [image.dims[0], ...outputPx, outChannels],
      'float32',
      {
        padding,
        strideHeight: strides[0],
        strideWidth: strides[1],
        dilationHeight: dilations[0],
        dilationWidth: dilations[1],
        activation: fused === 'relu' || fused === 'relu6' ? tfliteActivation[fused] : tfliteActivation.none,
        ...(depthwise ? { multiplier: last } : {}),
      },
    );
    return activated(call, made);
  };
}

function activated(call: KernelCall, value: Recorded): Recorded {
  const { record, attributes } = call;
  switch (attributes.activation) {
    case 'leakyrelu':
      return record.node('LEAKY_RELU', [value], value.dims, 'float32', { alpha: attributes.leakyreluAlpha as number });
    case 'sigmoid':
      return record.node('LOGISTIC', [value], value.dims);
    case 'prelu':
      return record.node('PRELU', [value, slopes(call, value)], value.dims);
    default:
      return value;
  }
}

/** Slopes of PReLU as [1, 1, C]. */
function slopes({ record, input }: KernelCall, value: Recorded): Recorded {
  return reshaped(record, input('preluActivationWeights'), [1, 1, value.dims[3]]);
}

/** The same elements under other dimensions; of a constant at once. */
export function reshaped(record: Recorder, value: Recorded, dims: readonly number[]): Recorded {
  if (dims.length === value.dims.length && dims.every((dim, axis) => dim === value.dims[axis])) return value;
  if (value.values) return record.constant(value.values, dims, value.type);
  return record.node('RESHAPE', [value, record.integers(dims)], dims);
}

/** Gradient of a convolution: TensorFlow.js and TensorFlow Lite agree on what it is. */
const transposeConvolution: Kernel = (call) => {
  const { record, input } = call;
  const strides = listOf(call, 'strides');
  const dims = listOf(call, 'inputShape');
  const kernel = transposed(record, input('filter'), [2, 0, 1, 3]);
  return record.node('TRANSPOSE_CONV', [record.integers(dims), kernel, input('dy')], dims, 'float32', {
    padding: call.attributes.pad === 'same' ? tflitePadding.same : tflitePadding.valid,
    strideHeight: strides[0],
    strideWidth: strides[1],
  });
};

function pooling(operator: 'MAX_POOL_2D' | 'AVERAGE_POOL_2D'): Kernel {
  return (call) => {
    const kernelPx = listOf(call, 'filterSize');
    const strides = listOf(call, 'strides');
    // Below every finite float32: a padded cell is never the largest.
    const fill = operator === 'MAX_POOL_2D' ? -3.4028234663852886e38 : 0;
    const pad = call.attributes.pad as Pad;
    // TensorFlow Lite leaves its own padding out of maxima and means, as TensorFlow.js does.
    const own = pad === 'same' || pad === 'valid' ? 0 : fill;
    const { image, padding, outputPx } = moving(call.record, call.input('x'), kernelPx, strides, [1, 1], pad, own);
    return call.record.node(operator, [image], [image.dims[0], ...outputPx, image.dims[3]], 'float32', {
      padding,
      strideHeight: strides[0],
      strideWidth: strides[1],
      filterHeight: kernelPx[0],
      filterWidth: kernelPx[1],
    });
  };
}

function resize(operator: 'RESIZE_BILINEAR' | 'RESIZE_NEAREST_NEIGHBOR'): Kernel {
  return (call) => {
    const image = call.input('images');
    const size = listOf(call, 'size');
    return call.record.node(
      operator,
      [image, call.record.integers(size)],
      [image.dims[0], ...size, image.dims[3]],
      'float32',
      { alignCorners: Number(call.attributes.alignCorners), halfPixel: Number(call.attributes.halfPixelCenters) },
    );
  };
}

/** Kernels that work on images, by TensorFlow.js's names. */
export const imageKernels: readonly (readonly [string, Kernel])[] = [
  ['AvgPool', pooling('AVERAGE_POOL_2D')],
  ['Conv2D', convolution(false)],
  ['Conv2DBackpropInput', transposeConvolution],
  ['DepthwiseConv2dNative', convolution(true)],
  ['FusedConv2D', convolution(false)],
  ['FusedDepthwiseConv2D', convolution(true)],
  ['MaxPool', pooling('MAX_POOL_2D')],
  ['ResizeBilinear', resize('RESIZE_BILINEAR')],
  ['ResizeNearestNeighbor', resize('RESIZE_NEAREST_NEIGHBOR')],
];
