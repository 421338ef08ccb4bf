import { expect, test } from 'vitest';
import { readPlacement } from '../../../src/runtimes/ort-node/node-placement.js';

const node = (name: string, operator: string, provider: string, output: string) => ({
  cat: 'Node',
  name: `${name}_kernel_time`,
  args: { provider, op_name: operator, output_type_shape: [{ [output]: [1] }] },
});

test('nodes are counted once by where they ran; copies, arithmetic on shapes and what is no node are left out', () => {
  const events = [
    { cat: 'Session', name: 'model_loading_array', args: {} },
    { cat: 'Node', name: 'conv1_fence_before', args: { op_name: 'Conv' } },
    node('conv1', 'Conv', 'WebGpuExecutionProvider', 'float'),
    node('conv1', 'Conv', 'WebGpuExecutionProvider', 'float'),
    node('copy', 'MemcpyToHost', 'CPUExecutionProvider', 'float'),
    node('shape', 'Gather', 'CPUExecutionProvider', 'int64'),
    node('det', 'Det', 'CPUExecutionProvider', 'float'),
  ];
  expect(readPlacement(JSON.stringify(events))).toEqual({ onDevice: 1, onCpu: ['det (Det)'] });
});
