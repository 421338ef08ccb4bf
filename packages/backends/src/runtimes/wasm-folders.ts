import { ProtocolError } from '@retinabench/core';

/** Packages that load WebAssembly files of their own. */
export type WasmPackage = 'onnxruntime-web' | 'tfjs-backend-wasm' | 'litert';

/** An address, as text or as a `URL`, relative to the page or absolute. */
export type Address = string | { readonly href: string };

/**
 * Where a page finds the WebAssembly of the runtimes: for each the address of the folder that serves its files under the names
 * that the package gives them, relative to the page or absolute. `ortWasm` may also be the address of the one file
 * `ort-wasm-simd-threaded.wasm` under any name, as bundlers give it.
 */
export interface Assets {
  /** Files of `node_modules/onnxruntime-web/dist`: `ort-wasm-*.wasm`, and `ort-wasm-*.mjs` for more than one thread. */
  readonly ortWasm?: Address;
  /** `node_modules/@tensorflow/tfjs-backend-wasm/dist/*.wasm`. */
  readonly tfjsWasm?: Address;
  /** Files of `node_modules/@litertjs/core/wasm`. */
  readonly liteRt?: Address;
}

const packageOf: Readonly<Record<keyof Assets, WasmPackage>> = {
  ortWasm: 'onnxruntime-web',
  tfjsWasm: 'tfjs-backend-wasm',
  liteRt: 'litert',
};

const folders = new Map<WasmPackage, string>();

/**
 * Say where the page finds the WebAssembly of the runtimes, before any of them is first used. What is left out stays as it was; at
 * first, ONNX Runtime looks where its own code was loaded from, which webpack and a build by vite provide for, and TensorFlow.js
 * beside the page.
 *
 * @param assets one folder for all, or one for each.
 * @throws {ProtocolError} if an address is none, or names a file where a folder is expected.
 */
export function setAssets(assets: Address | Assets): void {
  for (const [name, url] of Object.entries(resolveAssets(assets))) {
    folders.set(packageOf[name as keyof Assets], url);
  }
}

/** Absolute addresses: what is relative here means something else to a worker. Folders end with a slash. */
export function resolveAssets(assets: Address | Assets): { -readonly [Name in keyof Assets]: string } {
  const each = isAddress(assets) ? Object.fromEntries(Object.keys(packageOf).map((name) => [name, assets])) : assets;
  const resolved: { -readonly [Name in keyof Assets]: string } = {};
  for (const [name, url] of Object.entries(each) as [keyof Assets, Address | undefined][]) {
    if (!Object.hasOwn(packageOf, name)) {
      throw new ProtocolError(`assets: expected ${Object.keys(packageOf).join(', ')}, got ${name}; see its spelling`);
    }
    if (url !== undefined) resolved[name] = absoluteUrl(url, name);
  }
  return resolved;
}

/** Where the files of a package lie: a folder with a slash at its end, or one .wasm file; undefined: nobody said. */
export function wasmFolderOf(name: WasmPackage): string | undefined {
  return folders.get(name);
}

/** Address of a file of a package; undefined: nobody said where its files lie. */
export function assetUrl(name: WasmPackage, file: string): string | undefined {
  const place = folders.get(name);
  if (place === undefined) return undefined;
  return isWasmFile(place) ? place : place + file;
}

/** Address that relative ones are relative to: that of the page, or of the worker's program. */
export function baseUrl(): string | undefined {
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string } };
  return document?.baseURI ?? location?.href;
}

function isAddress(assets: Address | Assets): assets is Address {
  return typeof assets === 'string' || 'href' in assets;
}

/** Text of an address. */
export function textOf(address: Address): string {
  return typeof address === 'string' ? address : address.href;
}

function absoluteUrl(url: Address, name: keyof Assets): string {
  let absolute: URL;
  try {
    absolute = new URL(textOf(url), baseUrl());
  } catch {
    throw new ProtocolError(`assets: ${name}: expected the address of a folder, got ${JSON.stringify(url)}`);
  }
  if (isWasmFile(absolute.href)) {
    if (name === 'ortWasm') return absolute.href;
    throw new ProtocolError(
      `assets: ${name}: expected the address of a folder, since the runtime chooses among several files, got the file ${absolute.href}`,
    );
  }
  if (absolute.search !== '' || absolute.hash !== '') {
    throw new ProtocolError(
      `assets: ${name}: expected the address of a folder, to which names of files are added, got ${absolute.href}; leave out what follows the ? or #`,
    );
  }
  if (!absolute.pathname.endsWith('/')) absolute.pathname += '/';
  return absolute.href;
}

function isWasmFile(url: string): boolean {
  return new URL(url).pathname.endsWith('.wasm');
}
