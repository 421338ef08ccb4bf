import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { meshKernelsWasm } from '../../src/mesh/mesh-kernels-wasm.js';
import { simdKernels } from '../../src/mesh/simd-kernels.js';

describe('the embedded kernels', () => {
  it('are assembly/mesh-kernels.ts, compiled', async () => {
    const source = readFileSync(path.join(import.meta.dirname, '../../assembly/mesh-kernels.ts'), 'utf8');
    const asc = await import('assemblyscript/asc');
    let binary: Uint8Array | undefined;
    const flags = ['--runtime', 'stub', '--importMemory', '--enable', 'simd', '-O3', '--noAssert', '--converge'];
    const { error } = await asc.main(['mesh-kernels.ts', ...flags, '-o', 'out.wasm'], {
      readFile: (name) => (name === 'mesh-kernels.ts' ? source : null),
      writeFile: (name, content) => {
        if (name === 'out.wasm') binary = content as Uint8Array;
      },
      listFiles: () => [],
    });
    expect(error).toBeNull();
    expect(Buffer.from(binary ?? []).toString('base64')).toBe(meshKernelsWasm);
  });
});

describe('simdKernels', () => {
  it('refuses to give more storage than it was made with', () => {
    const kernels = simdKernels(1024);
    expect(kernels.floats(256)).toHaveLength(256);
    expect(() => kernels.floats(1_000_000)).toThrow(ShapeError);
  });

  it('keeps exp(x) - 1 of the unit within 1e-6 of Math.exp, and x where x > 0', () => {
    const before = Float32Array.from({ length: 4096 }, (_, at) => (at - 3500) / 40);
    const kernels = simdKernels(65_536);
    const storage = kernels.floats(4096);
    storage.set(before);
    kernels.elu(storage);
    before.forEach((x, at) => {
      const expected = x > 0 ? x : Math.exp(x) - 1;
      expect(Math.abs(storage[at] - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
    });
  });
});
