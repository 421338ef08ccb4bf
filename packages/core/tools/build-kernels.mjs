// Compile assembly/mesh-kernels.ts and embed it in src/mesh/mesh-kernels-wasm.ts. Run after every change of the former:
//   node packages/core/tools/build-kernels.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const core = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'mesh-kernels-'));
try {
  const file = path.join(folder, 'mesh-kernels.wasm');
  const flags = ['--runtime', 'stub', '--importMemory', '--enable', 'simd', '-O3', '--noAssert', '--converge'];
  execFileSync(process.execPath, [compiler, path.join(core, 'assembly/mesh-kernels.ts'), ...flags, '-o', file]);
  const base64 = readFileSync(file).toString('base64');
  writeFileSync(
    path.join(core, 'src/mesh/mesh-kernels-wasm.ts'),
    [
      '/** assembly/mesh-kernels.ts compiled by tools/build-kernels.mjs, in base64; not edited by hand. */',
      'export const meshKernelsWasm =',
      `  '${base64}';`,
      '',
    ].join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true });
}
