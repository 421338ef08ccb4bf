import { floatToHalf, largestFloat16 } from '@retinabench/core';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx/model.js';
import { tensorValues } from '../onnx/tensor-values.js';

/** Constants with fewer elements stay float32: biases and scalars cost nothing and matter most. */
const fewestElements = 512;

/** Code of float32 in an ONNX Cast. */
const floatCode = 1;

/**
 * A copy of a model whose weights are stored in half precision and cast back to float32 before use: half the file, the
 * same arithmetic. Runtimes do the cast once, when they load the model.
 *
 * @param model with float32 weights; its nodes are kept as they are.
 * Cost: O(weights). Weights beyond 65,504 become infinite in half precision and are clamped to it.
 */
export function halveWeights(model: OnnxModel): OnnxModel {
  const casts: OnnxNode[] = [];
  const initialisers = model.graph.initialisers.map((tensor): OnnxTensor => {
    const count = tensor.dims.reduce((product, dim) => product * dim, 1);
    if (tensor.elementType !== 'float' || count < fewestElements) return tensor;
    const name = `${tensor.name}.half`;
    casts.push({
      name: `${tensor.name}.cast`,
      op: 'Cast',
      domain: '',
      inputs: [name],
      outputs: [tensor.name],
      attributes: { to: { kind: 'int', value: floatCode } },
    });
    const halves = Uint16Array.from(tensorValues(tensor), clampedHalf);
    return { name, elementType: 'float16', dims: tensor.dims, bytes: new Uint8Array(halves.buffer) };
  });
  return {
    ...model,
    graph: { ...model.graph, initialisers, nodes: [...casts, ...model.graph.nodes] },
    metadata: { ...model.metadata, quantization: 'float16 weights' },
  };
}

/** Half-precision bits of `value`, kept finite. */
function clampedHalf(value: number): number {
  return floatToHalf(Math.min(Math.max(value, -largestFloat16), largestFloat16));
}
