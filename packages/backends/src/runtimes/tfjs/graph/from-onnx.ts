import { ModelError } from '@retinabench/core';
import {
  type OnnxAttribute,
  type OnnxElementType,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  readOnnx,
  tensorValues,
} from '@retinabench/models';
import type { Attribute, Graph, GraphNode } from './graph.js';
import type { HostTensor } from './host-tensor.js';

const floatTypes: readonly OnnxElementType[] = ['float', 'float16', 'double'];

/** What ONNX Runtime calls the types whose ONNX names differ. */
const runtimeNames: Partial<Record<OnnxElementType, string>> = { float: 'float32', double: 'float64' };

/** Ranges of the integer types that QuantizeLinear saturates to. */
const integerBounds: Partial<Record<OnnxElementType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
};

/**
 * Read an .onnx file into the form that the planner works on.
 *
 * @param place the file's name, for messages.
 * @throws {ModelError} if the bytes are no model, or hold operators of another set or subgraphs.
 */
export function graphFromOnnx(bytes: Uint8Array, place: string): Graph {
  return graphFromModel(readOnnx(bytes, place), place);
}

function graphFromModel(model: OnnxModel, place: string): Graph {
  return {
    place,
    opset: model.opset,
    inputs: model.graph.inputs.map(({ name, elementType, dims }) => ({
      name,
      elementType: runtimeNames[elementType] ?? elementType,
      dims: knownDims(dims),
    })),
    outputs: model.graph.outputs.map(({ name }) => name),
    outputTypes: new Map(
      model.graph.outputs.map(({ name, elementType }) => [name, runtimeNames[elementType] ?? elementType]),
    ),
    outputDims: new Map(model.graph.outputs.map(({ name, dims }) => [name, knownDims(dims)])),
    nodes: model.graph.nodes.map((node) => readNode(node, place)),
    initialisers: new Map(model.graph.initialisers.map((tensor) => [tensor.name, hostTensor(tensor)])),
  };
}

function knownDims(dims: OnnxValue['dims']): (number | undefined)[] | undefined {
  return dims.length === 0 ? undefined : dims.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : undefined));
}

function readNode(node: OnnxNode, place: string): GraphNode {
  if (node.domain !== '') {
    throw new ModelError(
      `${place}: node "${node.name}" (${node.op}): operators of the set "${node.domain}" are not supported; ` +
        'export the model with standard ONNX operators, or use ort-node',
    );
  }
  return {
    name: node.name,
    operator: node.op,
    inputs: node.inputs,
    outputs: node.outputs,
    attributes: new Map(
      Object.entries(node.attributes).map(([name, attribute]) => [name, readAttribute(attribute, node, place)]),
    ),
  };
}

function readAttribute(attribute: OnnxAttribute, node: OnnxNode, place: string): Attribute {
  if (attribute.kind === 'tensor') return hostTensor(attribute.value);
  if (attribute.kind === 'unsupported') {
    throw new ModelError(
      `${place}: node "${node.name}" (${node.op}): subgraphs and sparse tensors are not supported; use ort-node`,
    );
  }
  return attribute.value;
}

function hostTensor(tensor: OnnxTensor): HostTensor {
  const values = tensorValues(tensor);
  const bounds = integerBounds[tensor.elementType];
  if (floatTypes.includes(tensor.elementType)) {
    return {
      type: 'float',
      dims: tensor.dims,
      data: values instanceof Float32Array ? values : Float32Array.from(values),
    };
  }
  const type = tensor.elementType === 'bool' ? 'bool' : 'int';
  return { type, dims: tensor.dims, data: values, ...(bounds ? { bounds } : {}) };
}
