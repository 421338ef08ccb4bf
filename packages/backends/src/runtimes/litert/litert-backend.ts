import { BackendError } from '@retinabench/core';
import { isTflite } from '@retinabench/models';
import { assertSelfContained } from '../../backend/assert-self-contained.js';
import type { Availability, Backend, Session } from '../../backend/backend.js';
import type { LitertRuntime } from './litert-runtime.js';
import { TfliteSession } from './tflite-session.js';

/** What a LiteRT backend needs of the place that it runs in. */
export interface LitertHost {
  availability(): Promise<Availability>;
  version(): Promise<string>;
  /** Start LiteRT; a second call gives the same. @throws if it does not start. */
  start(): Promise<LitertRuntime>;
}

/** LiteRT (TensorFlow Lite) in WebAssembly with relaxed SIMD, on one thread. */
export function litertBackend(host: LitertHost): Backend {
  return {
    id: 'litert-wasm',
    tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },
    availability: () => host.availability(),
    version: () => host.version(),

    async createSession(model: Uint8Array, place: string): Promise<Session> {
      const runtime = await startLitert(host);
      if (isTflite(model)) return TfliteSession.open(model, place, runtime);
      assertSelfContained(model, place);
      const { createLitertSession } = await import('./create-session.js');
      return createLitertSession(model, place, runtime);
    },
  };
}

async function startLitert(host: LitertHost): Promise<LitertRuntime> {
  const state = await host.availability();
  if (!state.available) throw new BackendError(`backend litert-wasm: ${state.reason}; ${state.remedy}`);
  try {
    return await host.start();
  } catch (cause) {
    throw new BackendError(`backend litert-wasm: LiteRT does not start: ${(cause as Error).message}`, { cause });
  }
}
