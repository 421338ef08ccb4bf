import type { NetworkSignature } from '../../../backend/network-signature.js';
import type { Graph } from './graph.js';

/** Inputs and outputs of a graph; an output whose type it does not say holds floats. */
export function signatureOf({ inputs, outputs, outputTypes, outputDims }: Graph): NetworkSignature {
  return {
    inputs,
    outputs: outputs.map((name) => ({
      name,
      elementType: outputTypes?.get(name) ?? 'float32',
      dims: outputDims?.get(name),
    })),
  };
}
