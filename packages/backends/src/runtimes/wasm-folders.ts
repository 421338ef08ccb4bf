/** Packages that load WebAssembly files of their own. */
export type WasmPackage = 'onnxruntime-web' | 'tfjs-backend-wasm' | 'litert';

const folders = new Map<WasmPackage, string>();

/**
 * Say where a page finds the WebAssembly files of a package: the folder that holds its `.wasm` and `.mjs` files as the package
 * has them. To be called before its runtime is first used; left out, each package looks where it was loaded from.
 *
 * @param url absolute, ending with a slash.
 */
export function setWasmFolder(name: WasmPackage, url: string): void {
  folders.set(name, url);
}

/** Where the files of a package lie; undefined: where it looks by itself. */
export function wasmFolderOf(name: WasmPackage): string | undefined {
  return folders.get(name);
}
