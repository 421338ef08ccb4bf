import type { Availability } from '../../backend/backend.js';
import { tfjsBackend } from '../tfjs/tfjs-backend.js';

/** The part of a browser's OffscreenCanvas that tells whether WebGL works. */
type CanvasConstructor = new (widthPx: number, heightPx: number) => { getContext(kind: 'webgl2'): object | null };

/** TensorFlow.js on WebGL: browsers only. GPUs round and fuse as they like, so that its tolerance is wider. */
export const tfjsWebgl = tfjsBackend({
  runtime: { id: 'tfjs-webgl', tfName: 'webgl', memoryLimitBytes: 2 ** 30 },
  gpu: 'webgl',
  tolerance: { absolute: 2e-3, relative: 1e-2, boxPx: 0.5 },
  load: () => import('@tensorflow/tfjs-backend-webgl'),

  async availability(): Promise<Availability> {
    const { OffscreenCanvas: Canvas } = globalThis as { OffscreenCanvas?: CanvasConstructor };
    if (Canvas && new Canvas(1, 1).getContext('webgl2') !== null) return { available: true };
    return {
      available: false,
      reason: Canvas ? 'this browser has no WebGL 2' : 'WebGL exists in browsers only',
      remedy: 'open the page of packages/backends/browser where WebGL works, or choose tfjs-wasm',
    };
  },
});
