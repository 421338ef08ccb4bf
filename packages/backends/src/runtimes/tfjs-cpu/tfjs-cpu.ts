import { version_core } from '@tensorflow/tfjs-core';
import type { Backend, SessionOptions } from '../../backend/backend.js';
import type { TfjsRuntime } from '../tfjs/runtime.js';

const runtime: TfjsRuntime = { id: 'tfjs-cpu', tfName: 'cpu', memoryLimitBytes: 4 * 2 ** 30 };

/** TensorFlow.js in plain JavaScript: slow, without any native or WebAssembly code; runs everywhere. */
export const tfjsCpu = {
  id: 'tfjs-cpu' as const,
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },

  async availability() {
    return { available: true } as const;
  },

  async version() {
    return version_core;
  },

  async createSession(model: Uint8Array, place: string, _options?: SessionOptions) {
    await import('@tensorflow/tfjs-backend-cpu');
    const { createTfjsSession } = await import('../tfjs/create-session.js');
    return createTfjsSession(model, place, runtime);
  },
} satisfies Backend;
