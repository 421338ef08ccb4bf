import { BackendError } from '@retinabench/core';
import type { Availability } from '../../backend/backend.js';
import { checkAsset } from '../check-asset.js';
import { inPage } from '../in-page.js';
import { assetUrl } from '../wasm-folders.js';

/** The part of ONNX Runtime's module that starts it. */
interface OrtModule {
  readonly env: {
    readonly wasm: { numThreads?: number; wasmPaths?: string | { wasm?: string | URL; mjs?: string | URL } };
  };
  readonly InferenceSession: { create(model: Uint8Array, options: { executionProviders: string[] }): Promise<unknown> };
}

/** Which of its builds ONNX Runtime loads: the plain one, or that for WebGPU. */
export type OrtBuild = 'ort-wasm-simd-threaded' | 'ort-wasm-simd-threaded.asyncify';

const remedy =
  'serve the files of node_modules/onnxruntime-web/dist (npx retinabench-assets DIR copies them) and say where: setAssets({ ortWasm: url })';

/** ONNX Runtime starts once: if that failed, it stays so until the page is loaded again. */
const failed = new Map<OrtBuild, Availability>();
const started = new Map<OrtBuild, Promise<Availability>>();

/**
 * Whether ONNX Runtime finds its WebAssembly. Where the page was told where that lies, the file is looked at. Otherwise only the
 * package's own code knows where it looks, so that it is started; but not where that would settle its number of threads.
 */
export async function ortAssets(build: OrtBuild, ort: OrtModule): Promise<Availability> {
  const failure = failed.get(build);
  if (failure !== undefined || !inPage()) return failure ?? { available: true };
  const url = assetUrl('onnxruntime-web', `${build}.wasm`);
  if (url !== undefined) return checkAsset(url, 'wasm', remedy);
  if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated || !build.endsWith('threaded')) {
    return { available: true };
  }
  let starting = started.get(build);
  if (starting === undefined) {
    ort.env.wasm.numThreads = 1;
    // The runtime starts before it reads the model, which is none.
    starting = ort.InferenceSession.create(new Uint8Array(1), { executionProviders: ['wasm'] }).then(
      () => ({ available: true }),
      async (cause: unknown) => (await startFailure(build, cause)) ?? { available: true },
    );
    started.set(build, starting);
  }
  return starting;
}

/** Tell ONNX Runtime where its files lie. With one thread, its script is that in the bundle. */
export function placeOrtAssets(build: OrtBuild, ort: OrtModule, threads: number): void {
  ort.env.wasm.numThreads = threads;
  const wasm = assetUrl('onnxruntime-web', `${build}.wasm`);
  if (wasm === undefined) return;
  const mjs = assetUrl('onnxruntime-web', `${build}.mjs`) as string;
  ort.env.wasm.wasmPaths = threads > 1 && mjs !== wasm ? { wasm, mjs } : { wasm };
}

/** If it is the runtime that failed to start, not the model: that, with what came in place of its files. */
export async function ortStartError(id: string, build: OrtBuild, cause: unknown): Promise<BackendError | undefined> {
  const failure = await startFailure(build, cause);
  if (failure === undefined || failure.available) return undefined;
  return new BackendError(`backend ${id}: ONNX Runtime does not start: ${failure.reason}; ${failure.remedy}`, {
    cause,
  });
}

async function startFailure(build: OrtBuild, cause: unknown): Promise<Availability | undefined> {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!/no available backend found/i.test(message)) return undefined;
  const asked = inPage() ? (assetUrl('onnxruntime-web', `${build}.wasm`) ?? lastAsked()) : undefined;
  const state = asked === undefined ? undefined : await checkAsset(asked, 'wasm', remedy);
  const reason = state?.available === false ? state.reason : message;
  const failure: Availability = {
    available: false,
    reason,
    remedy: inPage() ? `${remedy}; then load the page again` : 'run npm ci',
  };
  failed.set(build, failure);
  return failure;
}

/** The last file that ONNX Runtime asked a server for, by the browser's own account. */
function lastAsked(): string | undefined {
  const entries = performance.getEntriesByType('resource').map(({ name }) => name);
  return entries.filter((name) => /ort-wasm[^/]*\.wasm/.test(name)).at(-1);
}
