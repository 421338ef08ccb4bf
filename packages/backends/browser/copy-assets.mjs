/** Put the page and what it loads of the runtimes beside the bundle. */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyPageFiles } from '../dist/page-files/copy-page-files.js';

const page = fileURLToPath(new URL('../dist/page/', import.meta.url));
await copyPageFiles(page, { runtimes: ['ort-wasm', 'ort-webgpu', 'tfjs-wasm', 'litert-wasm'], replace: true });
copyFileSync(fileURLToPath(new URL('index.html', import.meta.url)), path.join(page, 'index.html'));
