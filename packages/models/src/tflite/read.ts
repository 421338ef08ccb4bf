import { ModelError, shortenText } from '@retinabench/core';
import { FlatFile, type FlatTable } from './flat-table.js';
import { type TfliteModel, type TfliteNode, type TfliteQuantisation, type TfliteTensor, tfliteTypes } from './model.js';
import { tfliteOperatorNames } from './operator-names.js';

/** Most elements of a tensor: 8 GiB of float32. */
const mostTensorElements = 2 ** 31;

/** Whether a file begins as TensorFlow Lite models do. */
export function isTflite(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === 'TFL3';
}

/** The error of what takes .onnx alone. */
export function tfliteElsewhere(place: string): ModelError {
  return new ModelError(
    `${place}: expected an .onnx, got a TensorFlow Lite model, which --backend litert-wasm alone runs; choose it, or convert the model with tf2onnx`,
  );
}

/**
 * Read a .tflite file: its first subgraph, names of inputs and outputs from its signature where it has one.
 *
 * @param place the file's name, for messages.
 * @returns the network; constants are views of `bytes`. Options of operators are left out.
 * @throws {ModelError} if the bytes are no TensorFlow Lite model, are cut short, or refer to what is not there.
 * Cost: O(fields); allocates no more than a small multiple of the file's size.
 * Source: tensorflow/lite/schema/schema.fbs, version 3.
 */
export function readTflite(bytes: Uint8Array, place: string): TfliteModel {
  if (!isTflite(bytes)) {
    throw new ModelError(
      `${place}: expected a TensorFlow Lite model, got ${bytes.length} bytes that do not begin as one; pass a .tflite file`,
    );
  }
  const file = new FlatFile(bytes, place);
  const root = file.root();
  const version = root.number(0, 'uint32');
  if (version !== 3) {
    throw new ModelError(
      `${place}: expected version 3 of TensorFlow Lite's format, got ${version}; convert the model again`,
    );
  }
  const [graph] = root.tables(2);
  if (graph === undefined) throw file.damaged('no subgraph');
  const buffers = root.tables(4).map((buffer) => bufferBytes(file, buffer));
  const tensors = graph.tables(0).map((table) => readTensor(file, table, buffers));
  const index = (value: number, least = 0): number => {
    if (value >= least && value < tensors.length) return value;
    throw file.damaged(`tensor ${value} of ${tensors.length}`);
  };
  const operators = root.tables(1).map(operatorName);
  const nodes = graph.tables(3).map((table): TfliteNode => {
    const code = table.number(0, 'uint32');
    if (operators[code] === undefined) throw file.damaged(`operator ${code} of ${operators.length}`);
    return {
      operator: operators[code],
      inputs: table.numbers(1, 'int32').map((value) => index(value, -1)),
      outputs: table.numbers(2, 'int32').map((value) => index(value)),
    };
  });
  const named = nameBySignature(root, tensors, file);
  return {
    description: root.text(3),
    tensors: named,
    nodes,
    inputs: graph.numbers(1, 'int32').map((value) => index(value)),
    outputs: graph.numbers(2, 'int32').map((value) => index(value)),
    metadata: Object.fromEntries(
      root.tables(6).map((table) => [table.text(0), buffers[table.number(1, 'uint32')] ?? new Uint8Array(0)]),
    ),
  };
}

/** Large files keep constants behind the flatbuffer. */
function bufferBytes(file: FlatFile, buffer: FlatTable): Uint8Array | undefined {
  const inside = buffer.bytes(0);
  if (inside !== undefined && inside.length > 0) return inside;
  const [offset, size] = [buffer.long(1), buffer.long(2)];
  if (offset <= 1 || size === 0) return undefined;
  file.check(offset, size);
  return file.bytes.subarray(offset, offset + size);
}

function readTensor(file: FlatFile, table: FlatTable, buffers: readonly (Uint8Array | undefined)[]): TfliteTensor {
  const name = table.text(3);
  const type = tfliteTypes[table.number(1, 'int8')];
  if (type === undefined) throw file.damaged(`element type ${table.number(1, 'int8')} of tensor ${shortenText(name)}`);
  const dims = table.numbers(0, 'int32');
  if (dims.some((dim) => dim < 0) || dims.reduce((size, dim) => size * dim, 1) > mostTensorElements) {
    throw file.damaged(`a tensor ${shortenText(name)} of dimensions [${dims.slice(0, 16).join(', ')}]`);
  }
  const free = table.numbers(7, 'int32').flatMap((dim, axis) => (dim < 0 ? [axis] : []));
  const buffer = table.number(2, 'uint32');
  if (buffer >= Math.max(1, buffers.length)) throw file.damaged(`buffer ${buffer} of ${buffers.length}`);
  const data = buffers[buffer];
  const quantisation = table.table(4);
  const scales = quantisation === undefined ? undefined : readQuantisation(quantisation);
  return {
    name,
    type,
    dims,
    ...(free.length > 0 ? { free } : {}),
    ...(data === undefined ? {} : { data }),
    ...(scales === undefined ? {} : { quantisation: scales }),
  };
}

/** A table without scales holds ranges seen in training; nothing is quantised by it. */
function readQuantisation(table: FlatTable): TfliteQuantisation | undefined {
  const scales = table.numbers(2, 'float32');
  if (scales.length === 0) return undefined;
  const zeroPoints = table.numbers(3, 'long');
  return {
    scales,
    zeroPoints: zeroPoints.length > 0 ? zeroPoints : scales.map(() => 0),
    axis: table.number(6, 'int32'),
  };
}

/** Custom operators by their own name; the number of a late one lies in the second field. */
function operatorName(table: FlatTable): string {
  const code = Math.max(table.number(0, 'int8'), table.number(3, 'int32'));
  const name = tfliteOperatorNames[code] ?? `operator ${code}`;
  return name === 'CUSTOM' ? table.text(1) || name : name;
}

/** What the first signature calls inputs and outputs is what runtimes call them. */
function nameBySignature(root: FlatTable, tensors: readonly TfliteTensor[], file: FlatFile): TfliteTensor[] {
  const signature = root.tables(7).find((table) => table.number(4, 'uint32') === 0);
  const named = [...tensors];
  for (const entry of signature === undefined ? [] : [...signature.tables(0), ...signature.tables(1)]) {
    const at = entry.number(1, 'uint32');
    if (at >= named.length) throw file.damaged(`tensor ${at} of ${named.length}`);
    named[at] = { ...named[at], name: entry.text(0) };
  }
  return named;
}
