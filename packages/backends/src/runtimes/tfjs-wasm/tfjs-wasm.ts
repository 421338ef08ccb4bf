import { tfjsBackend } from '../tfjs/tfjs-backend.js';
import { wasmFolderOf } from '../wasm-folders.js';

/** TensorFlow.js on WebAssembly (XNNPACK with SIMD; in Node on one thread). */
export const tfjsWasm = tfjsBackend({
  // Its memory is 32-bit WebAssembly, of which weights and workspace take a part.
  runtime: { id: 'tfjs-wasm', tfName: 'wasm', memoryLimitBytes: 1.5 * 2 ** 30 },
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },
  async load({ threads }) {
    const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    // Where memory can be shared, it would take half of the processors unless told.
    setThreadsCount(threads);
    const folder = wasmFolderOf('tfjs-backend-wasm');
    if (folder !== undefined) setWasmPaths(folder);
  },
});
