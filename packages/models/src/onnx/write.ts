import { ModelError, shortenText } from '@retinabench/core';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.js';
import { attributeKindCodes, elementTypeCodes, modelMessage } from './schema.js';

const encoder = new TextEncoder();

/**
 * Write a model as an .onnx file. Equal models give equal bytes, so that the file's SHA-256 names the model.
 *
 * @throws {ModelError} if a node has an attribute that was not understood when it was read.
 * Cost: O(size of the constants), one copy of them.
 */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const { graph } = model;
  const message = modelMessage.fromObject({
    irVersion: model.irVersion,
    producerName: model.producer,
    opsetImport: [{ domain: '', version: model.opset }],
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name,
      node: graph.nodes.map(wireNode),
      initializer: graph.initialisers.map(wireTensor),
      input: graph.inputs.map(wireValue),
      output: graph.outputs.map(wireValue),
    },
  });
  return modelMessage.encode(message).finish();
}

function wireNode(node: OnnxNode): object {
  return {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, attribute]) => ({
      name,
      ...wireAttribute(attribute, node.name),
    })),
  };
}

function wireAttribute(attribute: OnnxAttribute, node: string): object {
  switch (attribute.kind) {
    case 'float':
      return { type: attributeKindCodes.float, f: attribute.value };
    case 'int':
      return { type: attributeKindCodes.int, i: attribute.value };
    case 'string':
      return { type: attributeKindCodes.string, s: encoder.encode(attribute.value) };
    case 'tensor':
      return { type: attributeKindCodes.tensor, t: wireTensor(attribute.value) };
    case 'floats':
      return { type: attributeKindCodes.floats, floats: [...attribute.value] };
    case 'ints':
      return { type: attributeKindCodes.ints, ints: [...attribute.value] };
    case 'strings':
      return { type: attributeKindCodes.strings, strings: attribute.value.map((text) => encoder.encode(text)) };
    case 'unsupported':
      throw new ModelError(
        `node ${shortenText(node)}: an attribute of kind ${attribute.value} (a subgraph) cannot be written`,
      );
  }
}

function wireTensor(tensor: OnnxTensor): object {
  return {
    name: tensor.name,
    dims: [...tensor.dims],
    dataType: elementTypeCodes[tensor.elementType],
    rawData: tensor.bytes,
  };
}

function wireValue(value: OnnxValue): object {
  const dim = value.dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  const elemType = elementTypeCodes[value.elementType];
  return {
    name: value.name,
    type: { tensorType: dim.length === 0 ? { elemType } : { elemType, shape: { dim } } },
  };
}
