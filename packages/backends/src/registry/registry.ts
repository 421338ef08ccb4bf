import { BackendError } from '@retinabench/core';
import type { Backend, RuntimeId } from '../backend/backend.js';
import { browserNames, parseBrowserBackend } from '../backend/browser-name.js';
import { deviceNames, parseDeviceBackend } from '../backend/device-name.js';
import { browserBackends } from '../runtimes/browser-backends.js';

/** Every backend, loaded when first asked for so that no runtime costs anything until it is used. */
const loaders: Readonly<Partial<Record<RuntimeId, () => Promise<Backend>>>> = {
  'ort-node': async () => (await import('../runtimes/ort-node/ort-node.js')).ortNode,
  'ort-wasm': async () => (await import('../runtimes/ort-wasm/ort-wasm.js')).ortWasm,
  'litert-wasm': async () => (await import('../runtimes/litert/litert-wasm.js')).litertWasm,
  'tfjs-node': async () => (await import('../runtimes/tfjs-node/tfjs-node.js')).tfjsNode,
  'tfjs-wasm': async () => (await import('../runtimes/tfjs-wasm/tfjs-wasm.js')).tfjsWasm,
  'tfjs-cpu': async () => (await import('../runtimes/tfjs-cpu/tfjs-cpu.js')).tfjsCpu,
};

/** Ids of the registered backends of this process, the default first. */
export const backendIds = Object.keys(loaders) as readonly RuntimeId[];

/** Runtimes that a browser can have: `<browser>/<runtime>` is a backend. */
export const browserRuntimeIds = Object.keys(browserBackends) as readonly (keyof typeof browserBackends)[];

/**
 * Load a backend: a runtime of this process, or one in a browser of this machine.
 *
 * @throws {BackendError} if no backend has this id.
 */
export async function loadBackend(id: string): Promise<Backend> {
  const loader = Object.hasOwn(loaders, id) ? loaders[id as RuntimeId] : undefined;
  if (loader !== undefined) return loader();
  const onDevice = parseDeviceBackend(id);
  if (onDevice?.device === 'cpu') return loadBackend('ort-node');
  if (onDevice !== undefined) return (await import('../runtimes/ort-node/ort-device.js')).ortDevice(onDevice);
  const inBrowser = parseBrowserBackend(id);
  const runtime = browserRuntimeIds.find((known) => known === inBrowser?.runtime);
  if (inBrowser !== undefined && runtime !== undefined) {
    const { BrowserBackend } = await import('../browsers/browser-backend.js');
    return new BrowserBackend(inBrowser.browser, await browserBackends[runtime]());
  }
  throw new BackendError(
    `backend ${id}: not known; choose one of ${backendIds.join(', ')}, or one of ${browserNames.join(', ')} with one of ${browserRuntimeIds.join(', ')}, as in ${browserNames[0]}/${browserRuntimeIds[0]}; ort-node takes a device: ${deviceNames.slice(1).join(', ')}, as in ort-node:${deviceNames[1]}`,
  );
}
