import { describe, expect, test } from 'vitest';
import { litertWasm } from '../../../src/runtimes/litert/litert-wasm.js';
import { ortNode } from '../../../src/runtimes/ort-node/ort-node.js';
import { sizeOf } from '../../../src/runtimes/tfjs/graph/host-tensor.js';
import { sharedModel, sharedPresent } from '../../shared.js';
import { largestDifference } from '../tfjs/agreement.js';
import { noise } from '../tfjs/node-model.js';

/** Grey levels of the input that the network expects: mean and half the range. */
const networks = [
  { file: 'retinaface-mnet025.pth', dims: [1, 3, 97, 131], range: [0, 60] },
  { file: 'retinaface-1mb-mnet025.pth', dims: [1, 3, 96, 130], range: [0, 60] },
  { file: 'retinaface-1mb-slim.pth', dims: [1, 3, 96, 130], range: [0, 60] },
  { file: 'retinaface-1mb-rfb.pth', dims: [1, 3, 96, 130], range: [0, 60] },
  { file: 'scrfd_500m_kps.onnx', dims: [1, 3, 640, 640], range: [0, 0.5] },
  { file: 'yunet_n_dynamic.onnx', dims: [1, 3, 96, 160], range: [128, 60] },
  { file: 'ultraface_RFB-320.onnx', dims: [1, 3, 240, 320], range: [0, 0.5] },
  { file: 'ultraface_RFB-640.onnx', dims: [1, 3, 480, 640], range: [0, 0.5] },
  { file: 'mobilefacenet-128d.onnx', dims: [1, 3, 112, 112], range: [0, 1] },
] as const;

const state = await litertWasm.availability();
const skipped = !sharedPresent || !state.available;

describe.skipIf(skipped)('networks of the shared data folder on litert-wasm (skipped where either is absent)', () => {
  test.each(networks)('$file: outputs as ONNX Runtime', async ({ file, dims, range: [mean, half] }) => {
    const bytes = sharedModel(file);
    const data = Float32Array.from(noise(sizeOf(dims), 5), (value) => mean + value * half);
    const reference = await ortNode.createSession(bytes, file, { threads: 1 });
    const session = await litertWasm.createSession(bytes, file, { threads: 1 });
    const feeds = { [session.inputNames[0]]: { data, dims } };
    const expected = await reference.run(feeds);
    const actual = await session.run(feeds);
    for (const name of reference.outputNames) {
      expect(actual[name].dims, name).toEqual([...expected[name].dims]);
      expect(largestDifference(actual[name].data, expected[name].data), name).toBeLessThanOrEqual(
        litertWasm.tolerance.absolute,
      );
    }
    await session.dispose();
    await reference.dispose();
  });
});
