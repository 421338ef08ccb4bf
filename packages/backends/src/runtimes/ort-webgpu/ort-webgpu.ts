import { BackendError, ModelError } from '@retinabench/core';
import type { InferenceSession } from 'onnxruntime-common';
import { assertSelfContained } from '../../backend/assert-self-contained.js';
import type { Availability, Backend, Session, SessionOptions } from '../../backend/backend.js';
import { OrtSession } from '../ort-node/ort-session.js';
import { ortAssets, ortStartError, placeOrtAssets } from '../ort-wasm/ort-assets.js';
import { assertOnDevice } from './assert-on-device.js';
import { nameNodes } from './placement-log.js';

/** The part of WebGPU that tells whether there is a GPU. */
interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<object | null> };
}

const build = 'ort-wasm-simd-threaded.asyncify';

/** ONNX Runtime on WebGPU, which must run the whole network: a time of a GPU that the processor took part in would be none. */
export const ortWebgpu = webgpuBackend('ort-webgpu');

/** The same where the processor may run what WebGPU lacks. */
export const ortWebgpuShared = webgpuBackend('ort-webgpu+cpu');

/** Browsers only. GPUs round and fuse as they like, so that its tolerance is wider. */
function webgpuBackend(id: 'ort-webgpu' | 'ort-webgpu+cpu'): Backend {
  return {
    id,
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
        throw new BackendError(`backend ${id}: ${availability.reason}; ${availability.remedy}`);
      }
      assertSelfContained(model, place);
      const ort = await import('onnxruntime-web/webgpu');
      ort.env.logLevel = 'fatal';
      placeOrtAssets(build, ort, options.threads);
      const create = (bytes: Uint8Array, more: InferenceSession.SessionOptions): Promise<InferenceSession> =>
        ort.InferenceSession.create(bytes, {
          executionProviders: ['webgpu'],
          graphOptimizationLevel: 'all',
          logSeverityLevel: 4,
          ...more,
        });
      try {
        const probe = await assertOnDevice(nameNodes(model, place), place, id !== 'ort-webgpu', create);
        const session = await create(model, {});
        await probe.release();
        return new OrtSession(session, ort.Tensor, id, place, false);
      } catch (cause) {
        if (cause instanceof BackendError) throw cause;
        const startError = await ortStartError(id, build, cause);
        if (startError !== undefined) throw startError;
        throw new ModelError(
          `${place}: ONNX Runtime's WebGPU build cannot load the model: ${cause instanceof Error ? cause.message : String(cause)}; check that the file is a complete .onnx`,
          { cause },
        );
      }
    },
  };
}
