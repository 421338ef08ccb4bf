import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeOnnx } from '@retinabench/models';
import { expect, test } from 'vitest';
import { readPlacement } from '../../../src/runtimes/ort-node/node-placement.js';

const cpu = 'CPUExecutionProvider';
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

test('whole numbers on the processor are the network where they are many, or come of many', () => {
  const event = (name: string, operator: string, input: object, output: object) => ({
    cat: 'Node',
    name: `${name}_kernel_time`,
    args: { provider: cpu, op_name: operator, input_type_shape: [input], output_type_shape: [output] },
  });
  const events = [
    // As ONNX Runtime 1.30 writes it of a convolution of uint8 on 32 x 32.
    event('conv', 'ConvInteger', { uint8: [1, 8, 32, 32] }, { int32: [1, 8, 30, 30] }),
    event('nms', 'NonMaxSuppression', { float: [1, 16800, 4] }, { int64: [12, 3] }),
    event('shape', 'Shape', { float: [1, 3, 640, 640] }, { int64: [4] }),
    event('side', 'Cast', { float: [2] }, { int64: [2] }),
    event('one', 'Gather', { int64: [4] }, { int64: [] }),
  ];
  expect(readPlacement(JSON.stringify(events)).onCpu).toEqual(['conv (ConvInteger)', 'nms (NonMaxSuppression)']);
});

test('a quantised convolution that ONNX Runtime profiles on the processor is told', async () => {
  const ort = await import('onnxruntime-node');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'placement-'));
  const model = writeOnnx({
    irVersion: 8,
    opset: 17,
    producer: 'test',
    graph: {
      name: 'quantised',
      nodes: [{ name: 'conv', op: 'ConvInteger', domain: '', inputs: ['x', 'w'], outputs: ['y'], attributes: {} }],
      initialisers: [{ name: 'w', elementType: 'uint8', dims: [8, 8, 3, 3], bytes: new Uint8Array(576).fill(3) }],
      inputs: [{ name: 'x', elementType: 'uint8', dims: [1, 8, 32, 32] }],
      outputs: [{ name: 'y', elementType: 'int32', dims: [1, 8, 30, 30] }],
    },
    metadata: {},
  });
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    enableProfiling: true,
    profileFilePrefix: path.join(folder, 'profile'),
  });
  await session.run({ x: new ort.Tensor('uint8', new Uint8Array(8 * 32 * 32), [1, 8, 32, 32]) });
  session.endProfiling();
  const [file] = readdirSync(folder);
  const { onCpu, onDevice } = readPlacement(readFileSync(path.join(folder, file), 'utf8'));
  expect(onDevice).toBe(0);
  expect(onCpu).toHaveLength(1);
  expect(onCpu[0]).toContain('(ConvInteger)');
  await session.release();
  rmSync(folder, { recursive: true, force: true });
});
