import { BackendError, ModelError } from '@retinabench/core';
import { assertSelfContained } from '../../backend/assert-self-contained.js';
import type { Availability, Backend, Session, SessionOptions } from '../../backend/backend.js';
import { OrtSession } from '../ort-node/ort-session.js';
import { ortAssets, ortStartError, placeOrtAssets } from './ort-assets.js';

const build = 'ort-wasm-simd-threaded';

/** ONNX Runtime's WebAssembly build with SIMD, in Node and in browsers; threads where the host shares memory. */
export const ortWasm: Backend = {
  id: 'ort-wasm',
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },

  async availability(): Promise<Availability> {
    try {
      return await ortAssets(build, await import('#onnxruntime-web'));
    } catch (error) {
      return {
        available: false,
        reason: `onnxruntime-web does not load: ${(error as Error).message}`,
        remedy: 'run npm ci, or choose --backend ort-node',
      };
    }
  },

  async version() {
    const { env } = await import('#onnxruntime-web');
    return env.versions.web ?? env.versions.common;
  },

  /** The number of threads is that of the first session of the process: the runtime starts its threads once. */
  async createSession(model: Uint8Array, place: string, options: SessionOptions): Promise<Session> {
    const availability = await this.availability();
    if (!availability.available) {
      throw new BackendError(`backend ort-wasm: ${availability.reason}; ${availability.remedy}`);
    }
    assertSelfContained(model, place);
    const ort = await import('#onnxruntime-web');
    ort.env.logLevel = 'fatal';
    placeOrtAssets(build, ort, options.threads);
    try {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4,
      });
      return new OrtSession(session, ort.Tensor, 'ort-wasm', place, false);
    } catch (cause) {
      const startError = await ortStartError('ort-wasm', build, cause);
      if (startError !== undefined) throw startError;
      throw new ModelError(
        `${place}: ONNX Runtime's WebAssembly build cannot load the model: ${describe(cause)}; check that the file is a complete .onnx`,
        { cause },
      );
    }
  },
};

/** WebAssembly throws numbers and text as well as errors. */
function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
