import { version_core } from '@tensorflow/tfjs-core';
import type { Availability, Backend, SessionOptions } from '../../backend/backend.js';
import type { TfjsRuntime } from './runtime.js';
import type { TfjsSession } from './tfjs-session.js';

/** A backend whose sessions run plans of TensorFlow.js. */
export interface TfjsBackend extends Backend {
  createSession(model: Uint8Array, place: string, options?: SessionOptions): Promise<TfjsSession>;
}

/** What tells one TensorFlow.js backend from another. */
export interface TfjsBackendOptions {
  readonly runtime: TfjsRuntime;
  readonly tolerance: Backend['tolerance'];
  readonly gpu?: Backend['gpu'];
  /** Loads the package of the backend; a literal `import()`, so that bundlers see it. */
  load(options: SessionOptions): Promise<unknown>;
  /** Left out where the backend runs everywhere. */
  availability?(): Promise<Availability>;
}

/** A backend on one of TensorFlow.js's own; the runtime loads with the first session. */
export function tfjsBackend({ runtime, tolerance, gpu, load, availability }: TfjsBackendOptions): TfjsBackend {
  return {
    id: runtime.id,
    tolerance,
    ...(gpu && { gpu }),
    availability: availability ?? (async () => ({ available: true })),

    async version() {
      return version_core;
    },

    async createSession(model, place, options = { threads: 1 }) {
      await load(options);
      const { createTfjsSession } = await import('./create-session.js');
      return createTfjsSession(model, place, runtime);
    },
  };
}
