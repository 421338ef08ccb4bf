import { expect, test } from 'vitest';
import { loadBackend } from '../src/index.js';
import { sharedModel, sharedPresent } from './shared.js';

test.skipIf(!sharedPresent).each(['ort-node', 'ort-wasm', 'tfjs-cpu'])(
  '%s refuses the bytes of a model whose tensors lie in another file, whatever the current folder holds (needs the shared data folder)',
  async (id) => {
    const backend = await loadBackend(id);
    const bytes = sharedModel('other/yunet-s-external.onnx');
    await expect(backend.createSession(bytes, 'split.onnx', { threads: 1 })).rejects.toThrow(
      /split\.onnx: tensor .*in another file/,
    );
  },
);
