import { version_core } from '@tensorflow/tfjs-core';
import type { Backend, SessionOptions } from '../../backend/backend.js';
import type { TfjsRuntime } from '../tfjs/runtime.js';

/** Its memory is 32-bit WebAssembly, of which weights and workspace take a part. */
const runtime: TfjsRuntime = { id: 'tfjs-wasm', tfName: 'wasm', memoryLimitBytes: 1.5 * 2 ** 30 };

/** TensorFlow.js on WebAssembly (XNNPACK with SIMD; in Node on one thread). */
export const tfjsWasm = {
  id: 'tfjs-wasm' as const,
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },

  async availability() {
    return { available: true } as const;
  },

  async version() {
    return version_core;
  },

  async createSession(model: Uint8Array, place: string, _options?: SessionOptions) {
    await import('@tensorflow/tfjs-backend-wasm');
    const { createTfjsSession } = await import('../tfjs/create-session.js');
    return createTfjsSession(model, place, runtime);
  },
} satisfies Backend;
