import { BackendError } from '@retinabench/core';
import type { Availability } from '../../backend/backend.js';
import { Turns } from '../../backend/turns.js';
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
  const build = litertBuild();
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
  // A worker of modules would look beside its own program.
  const locateFile = (file: string) => folder + file;
  Object.assign(globalThis, { Module: { print: log.write, printErr: log.write, locateFile } });
  const restore = await withoutImportScripts();
  try {
    await module.loadLiteRt(folder);
  } catch (cause) {
    // A script that does not load leaves an event, not an error.
    const reason = cause instanceof Error ? cause.message : 'its script does not load';
    throw new BackendError(`${reason}; look whether ${folder} serves the files of node_modules/@litertjs/core/wasm`, {
      cause,
    });
  } finally {
    restore();
  }
  return { module, takeLog: () => log.take(), turns: new Turns() };
}

/**
 * LiteRT loads its script by `importScripts`, which workers of modules have and refuse. There the script is loaded as a module
 * beforehand, and LiteRT finds what it defines.
 *
 * @returns puts things back.
 */
async function withoutImportScripts(): Promise<() => void> {
  const scope = globalThis as { importScripts?: (...urls: string[]) => void; ModuleFactory?: unknown };
  const original = scope.importScripts;
  try {
    original?.();
    return () => undefined;
  } catch {
    const script = await (await fetch(assetUrl('litert', `${litertBuild()}.js`) as string)).text();
    const url = URL.createObjectURL(new Blob([script, ';export default ModuleFactory;'], { type: 'text/javascript' }));
    try {
      const { default: factory } = await import(/* webpackIgnore: true */ /* @vite-ignore */ url);
      Object.assign(scope, { ModuleFactory: factory, importScripts: () => undefined });
    } finally {
      URL.revokeObjectURL(url);
    }
    return () => Object.assign(scope, { importScripts: original });
  }
}

/** The build that LiteRT takes in this browser. */
function litertBuild(): string {
  return hasRelaxedSimd() ? 'litert_wasm_internal' : 'litert_wasm_compat_internal';
}
