// Compile assembly/winograd.ts and embed it in src/runtimes/litert/winograd/winograd-wasm.ts. Run after every change of the former:
//   node packages/backends/tools/build-kernels.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'winograd-'));
try {
  const file = path.join(folder, 'winograd.wasm');
  const enabled = ['--enable', 'simd', '--enable', 'relaxed-simd'];
  const flags = ['--runtime', 'stub', '--importMemory', ...enabled, '-O3', '--noAssert', '--converge'];
  execFileSync(process.execPath, [compiler, path.join(root, 'assembly/winograd.ts'), ...flags, '-o', file]);
  const base64 = readFileSync(file).toString('base64');
  writeFileSync(
    path.join(root, 'src/runtimes/litert/winograd/winograd-wasm.ts'),
    [
      '/** assembly/winograd.ts compiled by tools/build-kernels.mjs, in base64; not edited by hand. */',
      'export const winogradWasm =',
      `  '${base64}';`,
      '',
    ].join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true });
}
