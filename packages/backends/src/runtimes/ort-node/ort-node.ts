import { createRequire } from 'node:module';
import { BackendError, ModelError } from '@retinabench/core';
import { assertSelfContained } from '../../backend/assert-self-contained.js';
import type { Backend, Session, SessionOptions } from '../../backend/backend.js';
import { loadOnnxRuntime } from './load-onnx-runtime.js';
import { openInferenceSession } from './open-inference-session.js';
import { OrtSession } from './ort-session.js';

/** ONNX Runtime's native CPU build for Node. */
export const ortNode: Backend = {
  id: 'ort-node',
  tolerance: { absolute: 0, relative: 0, boxPx: 0 },

  async availability() {
    try {
      await loadOnnxRuntime();
      return { available: true };
    } catch (error) {
      return {
        available: false,
        reason: `onnxruntime-node does not load: ${(error as Error).message}`,
        remedy: 'run npm ci on a platform that onnxruntime-node ships a binary for, or choose --backend ort-wasm',
      };
    }
  },

  async version() {
    return (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;
  },

  async createSession(model: Uint8Array, place: string, options: SessionOptions): Promise<Session> {
    const availability = await this.availability();
    if (!availability.available) {
      throw new BackendError(`backend ort-node: ${availability.reason}; ${availability.remedy}`);
    }
    assertSelfContained(model, place);
    const ort = await loadOnnxRuntime();
    try {
      const session = await openInferenceSession('cpu', model, options);
      return new OrtSession(session, ort.Tensor, 'ort-node', place, true);
    } catch (cause) {
      throw new ModelError(
        `${place}: ONNX Runtime cannot load the model: ${(cause as Error).message}; check that the file is a complete .onnx`,
        { cause },
      );
    }
  },
};
