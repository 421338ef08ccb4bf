import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Availability } from '../../backend/backend.js';
import { Turns } from '../../backend/turns.js';
import { packageVersion } from '../package-version.js';
import type { LitertHost } from './litert-backend.js';
import type { LitertModule } from './litert-module.js';
import type { LitertRuntime } from './litert-runtime.js';
import { LogLines } from './log-lines.js';
import { hasRelaxedSimd } from './relaxed-simd.js';

/** An optional peer: the name is no literal, so that neither the compiler nor a bundler looks for it. */
const packageName: string = '@litertjs/core';
const require = createRequire(import.meta.url);
const remedy = 'run npm install --no-save @litertjs/core@2.5.3, or choose --backend ort-wasm';

let started: Promise<LitertRuntime> | undefined;

/** LiteRT in Node. */
export const nodeHost: LitertHost = {
  async availability(): Promise<Availability> {
    if (packageVersion(packageName) === undefined) {
      return { available: false, reason: `${packageName}, an optional package, is not installed`, remedy };
    }
    if (!enableRelaxedSimd()) {
      return {
        available: false,
        reason: `WebAssembly of Node ${process.versions.node} has no relaxed SIMD`,
        remedy: 'run Node 20.10 or later, or choose --backend ort-wasm',
      };
    }
    return { available: true };
  },

  async version() {
    return packageVersion(packageName) ?? 'unknown';
  },

  start() {
    started ??= start();
    return started;
  },
};

/** Node 20 has relaxed SIMD behind a flag that can be set while it runs; later versions have it. */
function enableRelaxedSimd(): boolean {
  if (!hasRelaxedSimd()) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return hasRelaxedSimd();
}

async function start(): Promise<LitertRuntime> {
  const module = (await import(packageName)) as LitertModule;
  const folder = path.join(path.dirname(require.resolve(packageName)), '..', 'wasm');
  const log = new LogLines();
  const restore = standIn({
    Module: { print: log.write, printErr: log.write },
    importScripts: loadScript,
    self: globalThis,
    // LiteRT asks for a WebGPU device first and says on the console that there is none.
    console: { ...globalThis.console, warn: log.write },
  });
  try {
    await module.loadLiteRt(`${folder}${path.sep}`);
  } finally {
    restore();
  }
  return { module, takeLog: () => log.take(), turns: new Turns() };
}

/** LiteRT loads its WebAssembly as a classic script of a web worker does, which defines a global `ModuleFactory`. */
function loadScript(file: string): void {
  const wrapped = vm.compileFunction(
    `${readFileSync(file, 'utf8')};return ModuleFactory;`,
    ['require', '__filename', '__dirname'],
    { filename: file },
  ) as (require: NodeJS.Require, filename: string, dirname: string) => unknown;
  Object.assign(globalThis, { ModuleFactory: wrapped(require, file, path.dirname(file)) });
}

/** Define globals, until the function that comes back is called. */
function standIn(globals: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  }
  return () => {
    for (const [name, descriptor] of [...before, ['ModuleFactory', undefined] as const]) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  };
}
