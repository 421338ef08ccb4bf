import { BackendError } from '@retinabench/core';
import type { Backend, BackendId } from '../backend/backend.js';

/** Every backend, loaded when first asked for so that no runtime costs anything until it is used. */
const loaders: Readonly<Partial<Record<BackendId, () => Promise<Backend>>>> = {
  'ort-node': async () => (await import('./ort-node/ort-node.js')).ortNode,
  'ort-wasm': async () => (await import('./ort-wasm/ort-wasm.js')).ortWasm,
  'tfjs-node': async () => (await import('./tfjs-node/tfjs-node.js')).tfjsNode,
  'tfjs-wasm': async () => (await import('./tfjs-wasm/tfjs-wasm.js')).tfjsWasm,
  'tfjs-cpu': async () => (await import('./tfjs-cpu/tfjs-cpu.js')).tfjsCpu,
};

/** Ids of the registered backends, the default first. */
export const backendIds = Object.keys(loaders) as readonly BackendId[];

/**
 * Load a backend.
 *
 * @throws {BackendError} if no backend has this id.
 */
export async function loadBackend(id: string): Promise<Backend> {
  const loader = Object.hasOwn(loaders, id) ? loaders[id as BackendId] : undefined;
  if (loader === undefined) {
    throw new BackendError(`backend ${id}: not known; choose one of ${backendIds.join(', ')}`);
  }
  return loader();
}
