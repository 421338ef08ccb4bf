import { ModelError } from '@retinabench/core';
import { Builder, type Offset } from 'flatbuffers';
import { type TfliteModel, type TfliteNode, type TfliteQuantisation, type TfliteTensor, tfliteTypes } from './model.js';
import { tfliteOperatorNames } from './operator-names.js';
import { tfliteOptions } from './options.js';

/** Numbers of operators from here on lie in a second field alone. */
const firstLateOperator = 127;

/**
 * Write a .tflite file.
 *
 * @param model tensors whose `data` fit their type and dimensions; operators of the standard set.
 * @returns the file; constants aligned to 16 bytes.
 * @throws {ModelError} if an operator or option is not of the standard set.
 * Cost: O(bytes), about twice the size of the constants in memory.
 * Source: tensorflow/lite/schema/schema.fbs, version 3.
 */
export function writeTflite(model: TfliteModel): Uint8Array {
  const size = model.tensors.reduce((sum, { data }) => sum + (data?.length ?? 0) + 256, 4096);
  const file = new Builder(size);
  const buffers: Offset[] = [writeBuffer(file, undefined)];
  const bufferOf = (data: Uint8Array | undefined): number =>
    data === undefined ? 0 : buffers.push(writeBuffer(file, data)) - 1;
  const tensors = model.tensors.map((tensor) => writeTensor(file, tensor, bufferOf(tensor.data)));
  const operators = [...new Set(model.nodes.map(({ operator }) => operator))];
  const codes = operators.map((operator) => writeOperatorCode(file, operator));
  const nodes = model.nodes.map((node) => writeNode(file, node, operators.indexOf(node.operator)));
  const metadata = Object.entries(model.metadata ?? {}).map(([name, bytes]) =>
    writeTable(file, 2, [
      [0, file.createString(name)],
      [1, bufferOf(bytes), 'int32'],
    ]),
  );
  const subgraph = writeTable(file, 5, [
    [0, offsets(file, tensors)],
    [1, integers(file, model.inputs)],
    [2, integers(file, model.outputs)],
    [3, offsets(file, nodes)],
  ]);
  const root = writeTable(file, 8, [
    [0, 3, 'int32'],
    [1, offsets(file, codes)],
    [2, offsets(file, [subgraph])],
    [3, file.createString(model.description)],
    [4, offsets(file, buffers)],
    ...(metadata.length > 0 ? [[6, offsets(file, metadata)] as const] : []),
    [7, offsets(file, [writeSignature(file, model)])],
  ]);
  file.finish(root, 'TFL3');
  return file.asUint8Array().slice();
}

type FieldKind = 'offset' | 'int8' | 'int32' | 'float32' | 'bool';

/** A field of a table: its slot, its value, and what it is (left out: a reference). */
type Field = readonly [slot: number, value: number, kind?: FieldKind];

/** What a reference refers to has to be written before; so the fields of a table are written in one go. */
function writeTable(file: Builder, slots: number, fields: readonly Field[]): Offset {
  file.startObject(slots);
  for (const [slot, value, kind = 'offset'] of fields) {
    if (kind === 'offset') file.addFieldOffset(slot, value, 0);
    else if (kind === 'int32') file.addFieldInt32(slot, value, 0);
    else if (kind === 'float32') file.addFieldFloat32(slot, value, 0);
    else file.addFieldInt8(slot, value, 0);
  }
  return file.endObject();
}

function writeBuffer(file: Builder, data: Uint8Array | undefined): Offset {
  if (data === undefined) return writeTable(file, 1, []);
  file.prep(16, data.length);
  return writeTable(file, 1, [[0, file.createByteVector(data)]]);
}

function writeTensor(file: Builder, tensor: TfliteTensor, buffer: number): Offset {
  const dims = integers(file, tensor.dims);
  const name = file.createString(tensor.name);
  const quantisation = tensor.quantisation && writeQuantisation(file, tensor.quantisation);
  const signature =
    tensor.free &&
    integers(
      file,
      tensor.dims.map((dim, axis) => (tensor.free?.includes(axis) ? -1 : dim)),
    );
  return writeTable(file, 9, [
    [0, dims],
    [1, tfliteTypes.indexOf(tensor.type), 'int8'],
    [2, buffer, 'int32'],
    [3, name],
    ...(quantisation === undefined ? [] : [[4, quantisation] as const]),
    ...(signature === undefined ? [] : [[7, signature] as const]),
    [8, 1, 'bool'],
  ]);
}

function writeQuantisation(file: Builder, { scales, zeroPoints, axis }: TfliteQuantisation): Offset {
  file.startVector(4, scales.length, 4);
  for (const scale of [...scales].reverse()) file.addFloat32(scale);
  const scale = file.endVector();
  file.startVector(8, zeroPoints.length, 8);
  for (const zero of [...zeroPoints].reverse()) file.addInt64(BigInt(zero));
  const zero = file.endVector();
  return writeTable(file, 7, [
    [2, scale],
    [3, zero],
    [6, axis, 'int32'],
  ]);
}

function writeOperatorCode(file: Builder, operator: string): Offset {
  const code = tfliteOperatorNames.indexOf(operator);
  if (code < 0) throw new ModelError(`TensorFlow Lite has no operator ${operator}`);
  return writeTable(file, 4, [
    [0, Math.min(code, firstLateOperator), 'int8'],
    [2, 1, 'int32'],
    [3, code, 'int32'],
  ]);
}

function writeNode(file: Builder, node: TfliteNode, code: number): Offset {
  const table = tfliteOptions[node.operator];
  const unknown = Object.keys(node.options ?? {}).find((name) => table?.fields[name] === undefined);
  if (unknown !== undefined)
    throw new ModelError(`operator ${node.operator} of TensorFlow Lite has no option ${unknown}`);
  const inputs = integers(file, node.inputs);
  const outputs = integers(file, node.outputs);
  const options =
    table &&
    writeTable(
      file,
      1 + Math.max(...Object.values(table.fields).map(([slot]) => slot)),
      Object.entries(table.fields).map(([name, [slot, kind, absent = 0]]) => [
        slot,
        node.options?.[name] ?? absent,
        kind,
      ]),
    );
  return writeTable(file, 5, [
    [0, code, 'int32'],
    [1, inputs],
    [2, outputs],
    ...(table && options
      ? ([
          [3, table.union, 'int8'],
          [4, options],
        ] as const)
      : []),
  ]);
}

/** The signature names what is fed and what comes out; without one a runtime makes up names. */
function writeSignature(file: Builder, model: TfliteModel): Offset {
  const named = (indices: readonly number[]): Offset =>
    offsets(
      file,
      indices.map((index) =>
        writeTable(file, 2, [
          [0, file.createString(model.tensors[index].name)],
          [1, index, 'int32'],
        ]),
      ),
    );
  const inputs = named(model.inputs);
  const outputs = named(model.outputs);
  return writeTable(file, 5, [
    [0, inputs],
    [1, outputs],
    [2, file.createString('serving_default')],
  ]);
}

function offsets(file: Builder, parts: readonly Offset[]): Offset {
  file.startVector(4, parts.length, 4);
  for (const part of [...parts].reverse()) file.addOffset(part);
  return file.endVector();
}

function integers(file: Builder, values: readonly number[]): Offset {
  file.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) file.addInt32(value);
  return file.endVector();
}
