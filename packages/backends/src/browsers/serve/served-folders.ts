import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BackendError } from '@retinabench/core';
import { codeBuild } from '@retinabench/files';
import type { ServedFolders } from './page-server.js';

const require = createRequire(import.meta.url);

/** From `src` (under a test runner) as well as from `dist`, the compiled package is three folders up, in `dist`. */
const distUrl = new URL('../../../dist/', import.meta.url);

/** What the page was bundled from and is. */
interface PageBuild {
  /** Hash of the compiled code that went into it. */
  readonly code: string;
}

/** Where packages keep their WebAssembly, by the name that the page asks with; a file of the folder names it. */
const wasmPlaces: Readonly<Record<string, string>> = {
  'onnxruntime-web': 'onnxruntime-web/ort-wasm-simd-threaded.wasm',
  litert: '@litertjs/core/wasm/litert_wasm_internal.wasm',
  'tfjs-backend-wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
};

/** The folders that a page is served from: its bundle, and the WebAssembly of the runtimes that are installed. */
export function servedFolders(): ServedFolders {
  const folders: Record<string, string> = { page: pageFolder() };
  for (const [name, file] of Object.entries(wasmPlaces)) {
    try {
      folders[name] = path.dirname(require.resolve(file));
    } catch {
      // Not installed: the runtime that wants it reports that.
    }
  }
  return folders;
}

/** The first 12 digits of a hash of the page's code: it computes in place of this program's own. */
export function pageDigest(): string {
  return createHash('sha256')
    .update(readFileSync(path.join(pageFolder(), 'build.json')))
    .digest('hex')
    .slice(0, 12);
}

/** The folder of the page's bundle, or why it cannot be served. */
export type FoundPage = { readonly folder: string } | { readonly reason: string; readonly remedy: string };

/** Look for the page's bundle: it must be there, and be made of the code that is compiled now. */
export function findPage(folder = fileURLToPath(new URL('assets/host', distUrl))): FoundPage {
  const file = path.join(folder, 'build.json');
  if (!existsSync(file)) {
    return {
      reason: `${folder}: expected the page that browsers load, got nothing`,
      remedy: 'run npm ci, and npm run build in the repository',
    };
  }
  const { code } = JSON.parse(readFileSync(file, 'utf8')) as PageBuild;
  if (code === codeBuild(new URL('browser.js', distUrl)).sha256) return { folder };
  return {
    reason: `${folder}: the page that browsers load was bundled from other code than what is compiled now`,
    remedy: 'run npm run build',
  };
}

/**
 * The folder of the bundle.
 *
 * @throws {BackendError} if it was not built, or of other code than what is compiled now.
 */
export function pageFolder(): string {
  const found = findPage();
  if ('folder' in found) return found.folder;
  throw new BackendError(`${found.reason}; ${found.remedy}`);
}
