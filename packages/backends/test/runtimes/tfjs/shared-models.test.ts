import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { ortNode } from '../../../src/runtimes/ort-node/ort-node.js';
import { sizeOf } from '../../../src/runtimes/tfjs/graph/host-tensor.js';
import { tfjsWasm } from '../../../src/runtimes/tfjs-wasm/tfjs-wasm.js';
import { sharedModel, sharedPresent } from '../../shared.js';
import { largestDifference } from './agreement.js';
import { noise } from './node-model.js';

/** Grey levels of the input that the network expects: mean and half the range. */
const networks = [
  { file: 'retinaface-mnet025.pth', dims: [1, 3, 96, 130], range: [0, 60] },
  { file: 'retinaface-1mb-mnet025.pth', dims: [1, 3, 96, 130], range: [0, 60] },
  { file: 'retinaface-1mb-slim.pth', dims: [1, 3, 96, 130], range: [0, 60] },
  { file: 'retinaface-1mb-rfb.pth', dims: [1, 3, 96, 130], range: [0, 60] },
  { file: 'scrfd_500m_kps.onnx', dims: [1, 3, 640, 640], range: [0, 0.5] },
  { file: 'yunet_n_dynamic.onnx', dims: [1, 3, 96, 160], range: [128, 60] },
  { file: 'ultraface_RFB-320.onnx', dims: [1, 3, 240, 320], range: [0, 0.5] },
  { file: 'ultraface_RFB-640.onnx', dims: [1, 3, 480, 640], range: [0, 0.5] },
  { file: 'mobilefacenet-128d.onnx', dims: [1, 3, 112, 112], range: [0, 1] },
] as const;

describe.skipIf(!sharedPresent)('networks of the shared data folder (skipped where it is absent)', () => {
  test.each(networks)(
    '$file on tfjs-wasm: outputs as ONNX Runtime, no layout change, nothing left',
    async (network) => {
      const bytes = sharedModel(network.file);
      const [mean, half] = network.range;
      const data = Float32Array.from(noise(sizeOf(network.dims), 5), (value) => mean + value * half);
      const tensors = tf.engine().state.numTensors;
      const reference = await ortNode.createSession(bytes, network.file, { threads: 1 });
      const session = await tfjsWasm.createSession(bytes, network.file);
      const feeds = { [session.inputNames[0]]: { data, dims: network.dims } };
      const expected = await reference.run(feeds);
      const actual = await session.run(feeds);
      for (const name of reference.outputNames) {
        expect(actual[name].dims, name).toEqual([...expected[name].dims]);
        expect(largestDifference(actual[name].data, expected[name].data), name).toBeLessThanOrEqual(
          tfjsWasm.tolerance.absolute,
        );
      }
      expect((await session.planFor([network.dims])).head.layoutChanges).toBe(0);
      await session.dispose();
      await reference.dispose();
      expect(tf.engine().state.numTensors).toBe(tensors);
    },
  );
});
