import { BackendError } from '@retinabench/core';
import type { Availability } from '../../backend/backend.js';
import { checkAsset } from '../check-asset.js';
import { inPage } from '../in-page.js';
import { tfjsBackend } from '../tfjs/tfjs-backend.js';
import { assetUrl, baseUrl } from '../wasm-folders.js';

const remedy =
  'serve node_modules/@tensorflow/tfjs-backend-wasm/dist/*.wasm (npx retinabench-assets DIR copies them) and say where: setAssets({ tfjsWasm: url })';

/** The builds that it chooses among. */
const files = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

/** TensorFlow.js on WebAssembly (XNNPACK with SIMD; in Node on one thread). */
export const tfjsWasm = tfjsBackend({
  // Its memory is 32-bit WebAssembly, of which weights and workspace take a part.
  runtime: { id: 'tfjs-wasm', tfName: 'wasm', memoryLimitBytes: 1.5 * 2 ** 30 },
  tolerance: { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 },
  availability,
  async load({ threads }) {
    const state = await availability();
    if (!state.available) throw new BackendError(`backend tfjs-wasm: ${state.reason}; ${state.remedy}`);
    const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    // Where memory can be shared, it would take half of the processors unless told.
    setThreadsCount(threads);
    if (inPage()) setWasmPaths(Object.fromEntries(files.map((file) => [file, fileUrl(file)])));
  },
});

/** TensorFlow.js says nothing of why its file did not load, and does not start again: it is looked at beforehand. */
async function availability(): Promise<Availability> {
  if (!inPage()) return { available: true };
  try {
    await import('@tensorflow/tfjs-backend-wasm');
    return await checkAsset(fileUrl(await chosenFile()), 'wasm', remedy);
  } catch (error) {
    return {
      available: false,
      reason: `@tensorflow/tfjs-backend-wasm does not load: ${(error as Error).message}`,
      remedy: 'look whether the server gives all files of the bundle, or choose ort-wasm',
    };
  }
}

/** The build that TensorFlow.js takes in this browser. */
async function chosenFile(): Promise<string> {
  const { env } = await import('@tensorflow/tfjs-core');
  const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const threads = await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  const kind = simd ? (threads ? '-threaded-simd' : '-simd') : '';
  return `tfjs-backend-wasm${kind}.wasm`;
}

/** Where nobody said, TensorFlow.js looks beside the page. */
function fileUrl(file: string): string {
  return assetUrl('tfjs-backend-wasm', file) ?? new URL(file, baseUrl()).href;
}
