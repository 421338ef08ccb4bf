import { BackendError } from '@retinabench/core';
import type { Availability } from '../../backend/backend.js';
import { checkAsset } from '../check-asset.js';
import { assetUrl, wasmFolderOf } from '../wasm-folders.js';
import type { LitertHost } from './litert-backend.js';
import type { LitertModule } from './litert-module.js';
import type { LitertRuntime } from './litert-runtime.js';
import { LogLines } from './log-lines.js';
import { hasRelaxedSimd } from './relaxed-simd.js';

/** LiteRT as a page has it: an optional package that no bundle carries unasked. */
export interface LitertPackage {
  /** `() => import('@litertjs/core')`, written in the page's own source, so that its bundler sees it. */
  readonly load: () => Promise<unknown>;
  /** Of the package, for records. */
  readonly version: string;
}

let litert: LitertPackage | undefined;
let started: Promise<LitertRuntime> | undefined;

/**
 * Give `litert-wasm` its package, before its first session. `setAssets({ liteRt: url })` says where the page serves the files of
 * the package's folder `wasm`.
 */
export function provideLitert(provided: LitertPackage): void {
  litert = provided;
}

/** LiteRT in a page. */
export const pageHost: LitertHost = {
  async availability(): Promise<Availability> {
    const folder = wasmFolderOf('litert');
    if (litert !== undefined && folder !== undefined) return filesServed();
    return {
      available: false,
      reason: litert === undefined ? 'this page has no LiteRT' : 'this page was not told where the files of LiteRT lie',
      remedy:
        "call provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' }) and setAssets({ liteRt: url }) first, or choose --backend ort-wasm",
    };
  },

  /** The runtime has another, slower build for browsers without relaxed SIMD; a record has to tell the two apart. */
  async version() {
    const version = litert?.version ?? 'unknown';
    return hasRelaxedSimd() ? version : `${version} without relaxed SIMD`;
  },

  start() {
    started ??= start();
    return started;
  },
};

/** Whether the script and the WebAssembly are there that LiteRT takes in this browser. */
async function filesServed(): Promise<Availability> {
  const build = hasRelaxedSimd() ? 'litert_wasm_internal' : 'litert_wasm_compat_internal';
  const remedy =
    'serve the files of node_modules/@litertjs/core/wasm (npx retinabench-assets DIR copies them) and say where: setAssets({ liteRt: url })';
  const script = await checkAsset(assetUrl('litert', `${build}.js`) as string, 'script', remedy);
  return script.available ? checkAsset(assetUrl('litert', `${build}.wasm`) as string, 'wasm', remedy) : script;
}

async function start(): Promise<LitertRuntime> {
  const { load } = litert as LitertPackage;
  const folder = wasmFolderOf('litert') as string;
  const module = (await load()) as LitertModule;
  const log = new LogLines();
  Object.assign(globalThis, { Module: { print: log.write, printErr: log.write } });
  try {
    await module.loadLiteRt(folder);
  } catch (cause) {
    // A script that does not load leaves an event, not an error.
    const reason = cause instanceof Error ? cause.message : 'its script does not load';
    throw new BackendError(`${reason}; look whether ${folder} serves the files of node_modules/@litertjs/core/wasm`, {
      cause,
    });
  }
  return { module, takeLog: () => log.take() };
}
