import { BackendError, ModelError } from '@retinabench/core';
import { assertSelfContained } from '../../backend/assert-self-contained.js';
import type { Availability, Backend, Session, SessionOptions } from '../../backend/backend.js';
import { OrtSession } from '../ort-node/ort-session.js';
import { ortAssets, ortStartError, placeOrtAssets } from '../ort-wasm/ort-assets.js';

/** The part of WebGPU that tells whether there is a GPU. */
interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<object | null> };
}

const build = 'ort-wasm-simd-threaded.asyncify';

/** ONNX Runtime on WebGPU: browsers only. GPUs round and fuse as they like, so that its tolerance is wider. */
export const ortWebgpu: Backend = {
  id: 'ort-webgpu',
  gpu: 'webgpu',
  tolerance: { absolute: 2e-3, relative: 1e-2, boxPx: 0.5 },

  async availability(): Promise<Availability> {
    const { gpu } = (globalThis as { navigator?: GpuNavigator }).navigator ?? {};
    const adapter = await gpu?.requestAdapter().catch(() => null);
    if (adapter) return ortAssets(build, await import('onnxruntime-web/webgpu'));
    const isBrowser = 'document' in globalThis || 'importScripts' in globalThis;
    return {
      available: false,
      reason: gpu
        ? 'WebGPU finds no adapter'
        : isBrowser
          ? 'this browser has no WebGPU, or not on this page'
          : 'WebGPU exists in browsers only',
      remedy: isBrowser ? 'choose ort-wasm' : 'choose chromium/ort-webgpu, or ort-wasm',
    };
  },

  async version() {
    const { env } = await import('onnxruntime-web/webgpu');
    return env.versions.web ?? env.versions.common;
  },

  async createSession(model: Uint8Array, place: string, options: SessionOptions): Promise<Session> {
    const availability = await this.availability();
    if (!availability.available) {
      throw new BackendError(`backend ort-webgpu: ${availability.reason}; ${availability.remedy}`);
    }
    assertSelfContained(model, place);
    const ort = await import('onnxruntime-web/webgpu');
    ort.env.logLevel = 'fatal';
    placeOrtAssets(build, ort, options.threads);
    try {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: ['webgpu'],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4,
      });
      return new OrtSession(session, ort.Tensor, 'ort-webgpu', place, false);
    } catch (cause) {
      const startError = await ortStartError('ort-webgpu', build, cause);
      if (startError !== undefined) throw startError;
      throw new ModelError(
        `${place}: ONNX Runtime's WebGPU build cannot load the model: ${cause instanceof Error ? cause.message : String(cause)}; check that the file is a complete .onnx`,
        { cause },
      );
    }
  },
};
