import { ModelError, shortenText } from '@retinabench/core';
import { isTflite, tfliteElsewhere } from '../tflite/read.js';
import type { OnnxAttribute, OnnxElementType, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.js';
import { readTensor } from './read-tensor.js';
import {
  attributeKindCodes,
  elementTypeCodes,
  modelMessage,
  type WireAttribute,
  type WireGraph,
  type WireModel,
  type WireNode,
  type WireValue,
} from './schema.js';

const decoder = new TextDecoder();
const elementTypes = new Map<number, OnnxElementType>(
  (Object.entries(elementTypeCodes) as [OnnxElementType, number][]).map(([type, code]) => [code, type]),
);

/**
 * Read an .onnx file.
 *
 * @param bytes the file.
 * @param place the file's name, for messages.
 * @returns the model; constants are views of `bytes` where their alignment allows it.
 * @throws {ModelError} if the bytes are not an ONNX model, a constant has another number of elements than its
 * dimensions say, or a node reads a value that nothing before it makes.
 * Cost: O(bytes); allocates no more than a small multiple of the file's size whatever its headers claim.
 * Source: onnx/onnx.proto of the ONNX standard.
 */
export function readOnnx(bytes: Uint8Array, place: string): OnnxModel {
  if (isTflite(bytes)) throw tfliteElsewhere(place);
  const wire = decodeWire(bytes, place);
  const opset = wire.opsetImport.find(({ domain }) => domain === undefined || domain === '' || domain === 'ai.onnx');
  if (wire.graph === undefined || opset?.version === undefined) {
    throw new ModelError(
      `${place}: not an ONNX model: expected a graph and a standard operator set, found ${bytes.length} bytes without ${
        wire.graph === undefined ? 'a graph' : 'an operator set'
      }; pass an .onnx file`,
    );
  }
  const graph = readGraph(wire.graph, place);
  assertTopological(graph, place);
  return {
    irVersion: wire.irVersion ?? 0,
    opset: opset.version,
    producer: wire.producerName ?? '',
    graph,
    metadata: Object.fromEntries(wire.metadataProps.map(({ key, value }) => [key ?? '', value ?? ''])),
  };
}

function decodeWire(bytes: Uint8Array, place: string): WireModel {
  try {
    return modelMessage.toObject(modelMessage.decode(bytes), { longs: Number, arrays: true }) as WireModel;
  } catch (cause) {
    throw new ModelError(
      `${place}: not an ONNX model: expected a protocol-buffer message, got ${bytes.length} bytes that do not parse (${
        (cause as Error).message
      }); download the file again or pass an .onnx file`,
      { cause },
    );
  }
}

function readGraph(wire: WireGraph, place: string): OnnxGraph {
  const initialisers: OnnxTensor[] = wire.initializer.map((tensor) =>
    readTensor(tensor, `${place}: tensor ${shortenText(tensor.name ?? '(unnamed)')}`),
  );
  const constant = new Set(initialisers.map(({ name }) => name));
  return {
    name: wire.name ?? '',
    nodes: wire.node.map((node) => readNode(node, place)),
    initialisers,
    inputs: wire.input.map((value) => readValue(value, place)).filter(({ name }) => !constant.has(name)),
    outputs: wire.output.map((value) => readValue(value, place)),
  };
}

function readNode(wire: WireNode, place: string): OnnxNode {
  const op = wire.opType ?? '';
  const name = wire.name !== undefined && wire.name !== '' ? wire.name : (wire.output[0] ?? op);
  if (op === '' || wire.output.length === 0) {
    throw new ModelError(
      `${place}: node ${shortenText(name)}: expected an operator and at least one output; the file is damaged`,
    );
  }
  const attributes = wire.attribute.map((attribute): [string, OnnxAttribute] => [
    attribute.name ?? '',
    readAttribute(attribute, `${place}: node ${shortenText(name)}: attribute ${shortenText(attribute.name ?? '')}`),
  ]);
  return {
    name,
    op,
    domain: wire.domain === 'ai.onnx' ? '' : (wire.domain ?? ''),
    inputs: wire.input,
    outputs: wire.output,
    attributes: Object.fromEntries(attributes),
  };
}

function readAttribute(wire: WireAttribute, place: string): OnnxAttribute {
  switch (wire.type) {
    case attributeKindCodes.float:
      return { kind: 'float', value: wire.f ?? 0 };
    case attributeKindCodes.int:
      return { kind: 'int', value: wire.i ?? 0 };
    case attributeKindCodes.string:
      return { kind: 'string', value: decoder.decode(wire.s ?? new Uint8Array()) };
    case attributeKindCodes.tensor:
      if (wire.t === undefined) throw new ModelError(`${place}: expected a tensor, found none; the file is damaged`);
      return { kind: 'tensor', value: readTensor(wire.t, place) };
    case attributeKindCodes.floats:
      return { kind: 'floats', value: wire.floats };
    case attributeKindCodes.ints:
      return { kind: 'ints', value: wire.ints };
    case attributeKindCodes.strings:
      return { kind: 'strings', value: wire.strings.map((text) => decoder.decode(text)) };
    default:
      return { kind: 'unsupported', value: wire.type ?? 0 };
  }
}

function readValue(wire: WireValue, place: string): OnnxValue {
  const name = wire.name ?? '';
  const tensor = wire.type?.tensorType;
  const elementType = elementTypes.get(tensor?.elemType ?? 0);
  if (elementType === undefined) {
    throw new ModelError(
      `${place}: value ${shortenText(name)}: expected a tensor of numbers, got element type ${tensor?.elemType ?? 'none'}`,
    );
  }
  const dims = tensor?.shape?.dim ?? [];
  return {
    name,
    elementType,
    dims: dims.map(({ dimValue, dimParam }, axis) => dimValue ?? (dimParam || `${name}.${axis}`)),
  };
}

function assertTopological(graph: OnnxGraph, place: string): void {
  const known = new Set(['', ...graph.inputs.map(({ name }) => name), ...graph.initialisers.map(({ name }) => name)]);
  for (const node of graph.nodes) {
    const missing = node.inputs.find((name) => !known.has(name));
    if (missing !== undefined) {
      throw new ModelError(
        `${place}: node ${shortenText(node.name)} (${shortenText(node.op)}) reads ${shortenText(missing)}, which nothing before it makes`,
      );
    }
    for (const output of node.outputs) known.add(output);
  }
  const missing = graph.outputs.find(({ name }) => !known.has(name));
  if (missing !== undefined) throw new ModelError(`${place}: output ${shortenText(missing.name)} is made by no node`);
}
