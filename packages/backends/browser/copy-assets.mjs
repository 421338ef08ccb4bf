/** Put the page and the WebAssembly files of the runtimes beside the bundle. */
import { copyFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const page = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../dist/page');
const ort = path.dirname(require.resolve('onnxruntime-web'));
const tfjs = path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
const litert = path.join(path.dirname(require.resolve('@litertjs/core')), '../wasm');
const litertBuilds = ['litert_wasm_internal', 'litert_wasm_compat_internal'];
const files = [
  path.join(page, '../../browser/index.html'),
  ...['', '.asyncify'].flatMap((build) => [
    path.join(ort, `ort-wasm-simd-threaded${build}.wasm`),
    path.join(ort, `ort-wasm-simd-threaded${build}.mjs`),
  ]),
  ...readdirSync(tfjs)
    .filter((name) => name.endsWith('.wasm'))
    .map((name) => path.join(tfjs, name)),
  ...litertBuilds.flatMap((build) => ['js', 'wasm'].map((ending) => path.join(litert, `${build}.${ending}`))),
];
for (const file of files) copyFileSync(file, path.join(page, path.basename(file)));
