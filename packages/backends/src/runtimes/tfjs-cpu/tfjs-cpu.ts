import { tfjsBackend } from '../tfjs/tfjs-backend.js';

/** TensorFlow.js in plain JavaScript: slow, without any native or WebAssembly code; runs everywhere. */
export const tfjsCpu = tfjsBackend({
  runtime: { id: 'tfjs-cpu', tfName: 'cpu', memoryLimitBytes: 4 * 2 ** 30 },
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },
  load: () => import('@tensorflow/tfjs-backend-cpu'),
});
