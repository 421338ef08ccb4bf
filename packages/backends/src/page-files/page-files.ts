import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BackendError } from '@retinabench/core';

const require = createRequire(import.meta.url);

/** Of a package: a file that says where its folder is, and which files of that folder a page loads. */
interface PageRuntime {
  readonly package: string;
  readonly file: string;
  readonly wanted: RegExp;
}

/** What a page loads of each runtime, beside its bundle. */
export const pageRuntimes: Readonly<Record<string, PageRuntime>> = {
  'ort-wasm': {
    package: 'onnxruntime-web',
    file: 'onnxruntime-web/ort-wasm-simd-threaded.wasm',
    wanted: /^ort-wasm-simd-threaded\.(?:wasm|mjs)$/,
  },
  'ort-webgpu': {
    package: 'onnxruntime-web',
    file: 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm',
    wanted: /^ort-wasm-simd-threaded\.asyncify\.(?:wasm|mjs)$/,
  },
  'tfjs-wasm': {
    package: '@tensorflow/tfjs-backend-wasm',
    file: '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
    wanted: /\.wasm$/,
  },
  'litert-wasm': {
    package: '@litertjs/core',
    file: '@litertjs/core/wasm/litert_wasm_internal.wasm',
    wanted: /^litert_wasm_(?:compat_)?internal\.(?:wasm|js)$/,
  },
};

/**
 * The files that a page loads of a runtime, as the installed package has them.
 *
 * @param runtime an id of `pageRuntimes`.
 * @throws {BackendError} if its package is not installed.
 */
export function pageFilesOf(runtime: string): string[] {
  const { package: name, file, wanted } = pageRuntimes[runtime];
  let folder: string;
  try {
    folder = path.dirname(require.resolve(file));
  } catch (cause) {
    throw new BackendError(`${runtime}: expected the package ${name} installed, got none; npm install ${name}`, {
      cause,
    });
  }
  const files = readdirSync(folder)
    .filter((entry) => wanted.test(entry))
    .map((entry) => path.join(folder, entry));
  if (files.length === 0 || !files.every((entry) => existsSync(entry))) {
    throw new BackendError(`${folder}: expected the files of ${name}, got none; install it again`);
  }
  return files;
}

/**
 * The library in one bundle, for pages without a bundler: `retinabench.js`, `worker.js` and the chunks that they load.
 *
 * @throws {BackendError} if it was not built.
 */
export function libraryFiles(): string[] {
  const folder = fileURLToPath(new URL('../../dist/assets/plain', import.meta.url));
  if (!existsSync(path.join(folder, 'retinabench.js'))) {
    throw new BackendError(`${folder}: expected the bundled library, got nothing; run npm run build in the repository`);
  }
  return readdirSync(folder).map((entry) => path.join(folder, entry));
}
