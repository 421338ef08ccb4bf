import type { Tensor } from '../../backend/backend.js';
import { asPlanes } from '../../backend/channels.js';
import { fromElements, toElements } from '../../backend/elements.js';

/**
 * The elements of an input as a plan stores them: of the network's own precision, its axes in `order`. Images go channels
 * last here, in less time than a transposition afterwards.
 *
 * @param order either ONNX's, or that of an image with its channels last.
 * @param room  of as many float32 as the input has, to be written where the order changes: a new array costs as much as the
 *   order, since its memory is touched for the first time.
 * @param tensor may lie channels last already.
 * @returns the elements of `tensor` themselves where nothing changes.
 */
export function storedElements(
  tensor: Tensor,
  order: readonly number[],
  elementType: string,
  room?: Float32Array,
): Float32Array | Int32Array | Uint8Array {
  const { dims } = tensor;
  const inOrder = order.every((axis, position) => axis === position);
  const elements = exactElements(inOrder ? asPlanes(tensor) : tensor.data, elementType);
  if (inOrder || tensor.channelsLast) return elements;
  const [batch, channels, height, width] = dims;
  const cells = height * width;
  const stored =
    room !== undefined && elements instanceof Float32Array && room.length === elements.length
      ? room
      : new (elements.constructor as new (length: number) => typeof elements)(elements.length);
  if (channels === 3) return interleaveColours(elements, stored, cells);
  for (let plane = 0; plane < batch * channels; plane++) {
    const from = plane * cells;
    let to = Math.floor(plane / channels) * cells * channels + (plane % channels);
    for (let cell = 0; cell < cells; cell++, to += channels) stored[to] = elements[from + cell];
  }
  return stored;
}

/** Three planes an image cell by cell: a third of the time of plane by plane, as memory is written in its order. */
function interleaveColours<Elements extends Float32Array | Int32Array | Uint8Array>(
  planes: Elements,
  stored: Elements,
  cells: number,
): Elements {
  for (let image = 0; image < planes.length; image += 3 * cells) {
    for (let cell = 0, to = image; cell < cells; cell++, to += 3) {
      stored[to] = planes[image + cell];
      stored[to + 1] = planes[image + cells + cell];
      stored[to + 2] = planes[image + 2 * cells + cell];
    }
  }
  return stored;
}

/** What is left of numbers in the network's own type, in one that TensorFlow.js has. */
function exactElements(data: Float32Array, elementType: string): Float32Array | Int32Array | Uint8Array {
  if (elementType === 'float32' || elementType === 'float64') return data;
  const elements = toElements(elementType, data);
  if (elementType === 'float16') return fromElements(elementType, elements) as Float32Array;
  if (elementType === 'bool') return elements as Uint8Array;
  return Int32Array.from(fromElements(elementType, elements) ?? data);
}
