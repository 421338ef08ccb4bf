import { tfjsBackend } from '../tfjs/tfjs-backend.js';

/** TensorFlow.js on WebAssembly (XNNPACK with SIMD; in Node on one thread). */
export const tfjsWasm = tfjsBackend({
  // Its memory is 32-bit WebAssembly, of which weights and workspace take a part.
  runtime: { id: 'tfjs-wasm', tfName: 'wasm', memoryLimitBytes: 1.5 * 2 ** 30 },
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },
  load: () => import('@tensorflow/tfjs-backend-wasm'),
});
