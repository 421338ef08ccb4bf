import os from 'node:os';
import { BackendError } from '@retinabench/core';
import type { Availability, Backend, SessionOptions } from '../../backend/backend.js';
import type { TfjsRuntime } from '../tfjs/runtime.js';

const runtime: TfjsRuntime = {
  id: 'tfjs-node',
  tfName: 'tensorflow',
  memoryLimitBytes: Math.min(8 * 2 ** 30, os.totalmem() / 2),
};

/** An optional peer: the name is no literal, so that neither the compiler nor a bundler looks for it. */
const packageName: string = '@tensorflow/tfjs-node';

/** The part of the package that is used. */
interface TfjsNodePackage {
  readonly version: Readonly<Record<string, string>>;
}

/** TensorFlow's native library behind TensorFlow.js, where the optional package @tensorflow/tfjs-node is installed. */
export const tfjsNode = {
  id: 'tfjs-node' as const,
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },

  async availability(): Promise<Availability> {
    try {
      await loadPackage(1);
      return { available: true };
    } catch (cause) {
      return unavailable(cause as Error & { code?: string });
    }
  },

  async version() {
    return (await loadPackage(1)).version['tfjs-node'] ?? 'unknown';
  },

  /** The number of threads is that of the first session of the process: TensorFlow reads it when it starts. */
  async createSession(model: Uint8Array, place: string, options: SessionOptions) {
    try {
      await loadPackage(options.threads);
    } catch (cause) {
      const { reason, remedy } = unavailable(cause as Error & { code?: string });
      throw new BackendError(`backend tfjs-node: ${reason}; ${remedy}`, { cause });
    }
    const { createTfjsSession } = await import('../tfjs/create-session.js');
    return createTfjsSession(model, place, runtime);
  },
} satisfies Backend;

/** Load the package with TensorFlow's log limited to errors, unless the environment says otherwise. */
async function loadPackage(threads: number): Promise<TfjsNodePackage> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  process.env.TF_NUM_INTEROP_THREADS ??= '1';
  const loaded = (await import(packageName)) as TfjsNodePackage & { readonly default?: TfjsNodePackage };
  return loaded.version ? loaded : (loaded.default as TfjsNodePackage);
}

/**
 * Why the package does not load, and what to do.
 *
 * @param nodeVersion of this process: Node 23 took away what the package calls (`util.isNullOrUndefined`).
 */
export function unavailable(
  cause: Error & { code?: string },
  nodeVersion: string = process.versions.node,
): Extract<Availability, { available: false }> {
  if (Number(nodeVersion.split('.')[0]) >= 23) {
    return {
      available: false,
      reason: `@tensorflow/tfjs-node 4.22 does not run on Node ${nodeVersion}`,
      remedy: 'run it on Node 22 or earlier, or choose --backend tfjs-wasm',
    };
  }
  const missing = cause.code === 'ERR_MODULE_NOT_FOUND' && cause.message.includes(packageName);
  return {
    available: false,
    reason: missing
      ? 'the optional package @tensorflow/tfjs-node is not installed'
      : `@tensorflow/tfjs-node does not load: ${cause.message.split('\n')[0]}`,
    remedy:
      "run npm install --no-save @tensorflow/tfjs-node@4.22.0 or, where its download is blocked, build it with the repository's tools/build-tfjs-node.sh; or choose --backend tfjs-wasm",
  };
}
