// Compile the SIMD kernels of a package, which are written in AssemblyScript, and embed them in its source in base64. Run after
// every change of the former:
//   node tools/build-kernels.mjs core
//   node tools/build-kernels.mjs backends
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** By package: the kernels, the module that they are embedded in, what it exports, and what the engine has to have. */
const kernels = {
  core: {
    source: 'assembly/mesh-kernels.ts',
    module: 'src/mesh/mesh-kernels-wasm.ts',
    constant: 'meshKernelsWasm',
    features: ['simd'],
  },
  backends: {
    source: 'assembly/winograd.ts',
    module: 'src/runtimes/litert/winograd/winograd-wasm.ts',
    constant: 'winogradWasm',
    features: ['simd', 'relaxed-simd'],
  },
};

const name = process.argv[2];
if (!Object.hasOwn(kernels, name)) {
  throw new Error(`${name}: expected a package with kernels, one of ${Object.keys(kernels).join(', ')}`);
}
const { source, module, constant, features } = kernels[name];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../packages', name);
const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'kernels-'));
try {
  const file = path.join(folder, 'kernels.wasm');
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const flags = ['--runtime', 'stub', '--importMemory', ...enabled, '-O3', '--noAssert', '--converge'];
  execFileSync(process.execPath, [compiler, path.join(root, source), ...flags, '-o', file]);
  writeFileSync(
    path.join(root, module),
    [
      `/** ${source} compiled by tools/build-kernels.mjs, in base64; not edited by hand. */`,
      `export const ${constant} =`,
      `  '${readFileSync(file).toString('base64')}';`,
      '',
    ].join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true });
}
