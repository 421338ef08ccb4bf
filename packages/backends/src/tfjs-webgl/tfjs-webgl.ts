import { version_core } from '@tensorflow/tfjs-core';
import type { Availability, Backend, SessionOptions } from '../backend/backend.js';
import type { TfjsRuntime } from '../tfjs/runtime.js';

const runtime: TfjsRuntime = { id: 'tfjs-webgl', tfName: 'webgl', memoryLimitBytes: 2 ** 30 };

/** TensorFlow.js on WebGL: browsers only. GPUs round and fuse as they like, so that its tolerance is wider. */
export const tfjsWebgl = {
  id: 'tfjs-webgl' as const,
  tolerance: { absolute: 2e-3, relative: 1e-2, boxPx: 0.5 },

  async availability(): Promise<Availability> {
    if ('OffscreenCanvas' in globalThis || 'document' in globalThis) return { available: true };
    return {
      available: false,
      reason: 'WebGL exists in browsers only',
      remedy: 'open packages/backends/browser, or choose --backend tfjs-wasm',
    };
  },

  async version() {
    return version_core;
  },

  async createSession(model: Uint8Array, place: string, _options?: SessionOptions) {
    await import('@tensorflow/tfjs-backend-webgl');
    const { createTfjsSession } = await import('../tfjs/create-session.js');
    return createTfjsSession(model, place, runtime);
  },
} satisfies Backend;
