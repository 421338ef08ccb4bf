import { decodeFloat16, encodeFloat16 } from '@retinabench/core';
import type { Tensor } from '../../backend/backend.js';
import type { Graph } from './graph/graph.js';
import type { HostTensor } from './graph/host-tensor.js';

/** An output as it leaves: float32, rounded where the network itself rounds it to half precision. */
export function outputTensor(
  { outputTypes }: Pick<Graph, 'outputTypes'>,
  name: string,
  { data, dims }: Pick<HostTensor, 'data' | 'dims'>,
): Tensor {
  const floats = data instanceof Float32Array ? data : Float32Array.from(data);
  return { data: outputTypes?.get(name) === 'float16' ? decodeFloat16(encodeFloat16(floats)) : floats, dims };
}
