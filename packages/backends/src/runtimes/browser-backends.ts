import type { Backend } from '../backend/backend.js';

/** The backends that run in a browser, loaded when first asked for. */
export const browserBackends: Readonly<
  Record<
    'ort-wasm' | 'ort-webgpu' | 'ort-webgpu+cpu' | 'litert-wasm' | 'tfjs-wasm' | 'tfjs-webgl',
    () => Promise<Backend>
  >
> = {
  'ort-wasm': async () => (await import('./ort-wasm/ort-wasm.js')).ortWasm,
  'ort-webgpu': async () => (await import('./ort-webgpu/ort-webgpu.js')).ortWebgpu,
  'ort-webgpu+cpu': async () => (await import('./ort-webgpu/ort-webgpu.js')).ortWebgpuShared,
  'litert-wasm': async () => (await import('./litert/litert-page.js')).litertPage,
  'tfjs-wasm': async () => (await import('./tfjs-wasm/tfjs-wasm.js')).tfjsWasm,
  'tfjs-webgl': async () => (await import('./tfjs-webgl/tfjs-webgl.js')).tfjsWebgl,
};
