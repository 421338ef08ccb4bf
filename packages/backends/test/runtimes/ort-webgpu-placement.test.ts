import { BackendError } from '@retinabench/core';
import { readOnnx } from '@retinabench/models';
import type { InferenceSession } from 'onnxruntime-common';
import { describe, expect, test } from 'vitest';
import { findBrowser } from '../../src/browsers/launch/find-browser.js';
import { loadBackend } from '../../src/registry/registry.js';
import { assertOnDevice } from '../../src/runtimes/ort-webgpu/assert-on-device.js';
import { nameNodes, readPlacementLog } from '../../src/runtimes/ort-webgpu/placement-log.js';
import { floats, graphModel, ints, nodeOf, tensorOf } from './tfjs/node-model.js';

/** Lines as ONNX Runtime 1.30.0 wrote them in Chromium 156. */
const said = (text: string): string =>
  `2026-11-29 22:42:12.680594 [V:onnxruntime:, session_state.cc:1383 VerifyEachNodeIsAssignedToAnEp] ${text}`;
const shared = [
  said('Node placements'),
  said(' Node(s) placed on [CPUExecutionProvider]. Number of nodes: 3'),
  said('  NonMaxSuppression (4:nms)'),
  said('  Shape (1:Shape)'),
  said('  MemcpyToHost (Memcpy_token_1)'),
  said(' Node(s) placed on [WebGpuExecutionProvider]. Number of nodes: 131'),
  said('  Conv (0:Conv)'),
];

describe('readPlacementLog', () => {
  test('counts the nodes on the device and names those on the processor, copies apart', () => {
    expect(readPlacementLog(shared)).toEqual({
      onDevice: 131,
      onCpu: [
        { operator: 'NonMaxSuppression', name: '4:nms' },
        { operator: 'Shape', name: '1:Shape' },
      ],
    });
    expect(readPlacementLog([said(' All nodes placed on [WebGpuExecutionProvider]. Number of nodes: 90')])).toEqual({
      onDevice: 90,
      onCpu: [],
    });
  });

  test('knows nothing where the log says nothing', () => {
    expect(
      readPlacementLog(['[I:onnxruntime:, inference_session.cc:2610 Initialize] Initializing session.']),
    ).toBeUndefined();
  });
});

/** y = NonMaxSuppression of boxes that are reshaped by lengths taken from their own dimensions. */
const suppressing = graphModel(
  [
    [1, 4, 4],
    [1, 1, 4],
  ],
  [
    nodeOf('Relu', ['x0'], 'boxes'),
    nodeOf('Shape', ['x0'], 'dims'),
    nodeOf('Gather', ['dims', 'first'], 'length'),
    nodeOf('Concat', ['length', 'rest'], 'lengths', { axis: 0 }),
    nodeOf('Reshape', ['boxes', 'lengths'], 'same'),
    nodeOf('NonMaxSuppression', ['same', 'x1', 'most', 'iou'], 'kept'),
    nodeOf('Cast', ['kept'], 'y', { to: 1 }),
  ],
  [{ name: 'y', dims: ['rows', 3] }],
  [
    tensorOf('first', ints(0)),
    tensorOf('rest', ints(4, 4)),
    tensorOf('most', ints(4)),
    tensorOf('iou', floats([1], [0.5])),
  ],
);

test('nodes that compute on shapes are told from those that compute on the image, all by names of their own', () => {
  const { bytes, onShapes } = nameNodes(suppressing, 'nms.onnx');
  expect(readOnnx(bytes, 'nms.onnx').graph.nodes.map(({ name }) => name.split(':')[0])).toEqual([...'0123456']);
  expect([...onShapes].map((name) => name.split(':')[0])).toEqual(['1', '2', '3']);
});

describe('assertOnDevice', () => {
  const network = { bytes: new Uint8Array(), onShapes: new Set<string>() };
  const thatSays = (lines: readonly string[]) => async (): Promise<InferenceSession> => {
    const writers: { error(text: string): void } = globalThis.console;
    writers.error(lines.join('\n'));
    return { release: async () => undefined } as InferenceSession;
  };

  test('refuses a network of which a part runs on the processor, with its nodes, unless that was asked for', async () => {
    // A Gather without a number is ONNX Runtime's own, behind a Shape; one of the file is the network's.
    const own = [...shared.slice(0, 2), said('  Gather (Gather_token_227)'), ...shared.slice(2)];
    await expect(assertOnDevice(network, 'nms.onnx', false, thatSays(own))).rejects.toThrow(
      'nms.onnx: ort-webgpu: 1 of 132 nodes would run on the processor: nms (NonMaxSuppression); choose ort-wasm, or accept it: ort-webgpu+cpu',
    );
    const gathers = [...shared.slice(0, 2), said('  Gather (5:rows)'), ...shared.slice(5)];
    await expect(assertOnDevice(network, 'a.onnx', false, thatSays(gathers))).rejects.toThrow(/: rows \(Gather\);/);
    expect(await assertOnDevice(network, 'nms.onnx', true, thatSays(shared))).toHaveProperty('release');
  });

  test('refuses a network of which no node runs on the device, and a log that does not tell', async () => {
    const onCpu = [said(' All nodes placed on [CPUExecutionProvider]. Number of nodes: 9')];
    await expect(assertOnDevice(network, 'a.onnx', true, thatSays(onCpu))).rejects.toThrow(
      /no node would run on the GPU/,
    );
    await expect(assertOnDevice(network, 'a.onnx', false, thatSays([]))).rejects.toThrow(BackendError);
  });
});

describe.skipIf('reason' in findBrowser('chromium'))('ort-webgpu in Chromium (skipped where it is absent)', () => {
  test('names what it would leave to the processor, and ort-webgpu+cpu takes it', async () => {
    const plain = await loadBackend('chromium/ort-webgpu');
    const refused = plain.createSession(suppressing, 'nms.onnx', { threads: 1 });
    await expect(refused).rejects.toThrow(BackendError);
    await expect(refused).rejects.toThrow(/nodes would run on the processor: .*NonMaxSuppression/);
    const shares = await loadBackend('chromium/ort-webgpu+cpu');
    const session = await shares.createSession(suppressing, 'nms.onnx', { threads: 1 });
    expect(session.outputNames).toEqual(['y']);
    await session.dispose();
  });
});
