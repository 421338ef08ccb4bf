import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCard } from '@retinabench/models';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const program = fileURLToPath(new URL('../../bin/retinabench-assets.js', import.meta.url));

describe('retinabench-assets', () => {
  let work: string;

  beforeEach(() => {
    work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-assets-'));
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  const assets = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [program, ...args], { cwd: work }, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
    });

  test('copies the files of ONNX Runtime under their names, with a model whose card is beside it', async () => {
    expect(await assets('public/wasm')).toMatchObject({ code: 0, stderr: '' });
    const folder = path.join(work, 'public/wasm');
    expect(readdirSync(folder).sort()).toEqual([
      'ort-wasm-simd-threaded.mjs',
      'ort-wasm-simd-threaded.wasm',
      'retinaface-rb025.card.json',
      'retinaface-rb025.onnx',
    ]);
    const wasm = 'ort-wasm-simd-threaded.wasm';
    expect(readFileSync(path.join(folder, wasm)).equals(readFileSync(require.resolve(`onnxruntime-web/${wasm}`)))).toBe(
      true,
    );
    expect(parseCard(readFileSync(path.join(folder, 'retinaface-rb025.card.json'), 'utf8'), 'card').id).toBe(
      'retinaface-rb025',
    );
  });

  test('copies what each runtime asks for, and says so as JSON; again, nothing changes', async () => {
    const args = ['wasm', '--no-model', '--runtime', 'tfjs-wasm,litert-wasm', '--json'];
    const names = (stdout: string) =>
      (JSON.parse(stdout) as { files: { name: string; unchanged: boolean }[] }).files.map(({ name, unchanged }) => [
        name,
        unchanged,
      ]);
    const expected = [
      'tfjs-backend-wasm-simd.wasm',
      'tfjs-backend-wasm-threaded-simd.wasm',
      'tfjs-backend-wasm.wasm',
      'litert_wasm_compat_internal.js',
      'litert_wasm_compat_internal.wasm',
      'litert_wasm_internal.js',
      'litert_wasm_internal.wasm',
    ];
    expect(names((await assets(...args)).stdout)).toEqual(expected.map((name) => [name, false]));
    expect(names((await assets(...args)).stdout)).toEqual(expected.map((name) => [name, true]));
  });

  test('--library adds the bundled library and its worker', async () => {
    expect(await assets('.', '--no-model', '--library')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(work)).toEqual(
      expect.arrayContaining(['retinabench.js', 'worker.js', 'ort-wasm-simd-threaded.wasm']),
    );
  });

  test('a file of that name with other content stays unless it may be replaced', async () => {
    const file = path.join(work, 'ort-wasm-simd-threaded.mjs');
    writeFileSync(file, 'mine');
    const refused = await assets('.', '--no-model');
    expect(refused).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/threaded\.mjs: expected no such file.*--replace/),
    });
    expect(readdirSync(work)).toEqual(['ort-wasm-simd-threaded.mjs']);
    expect(await assets('.', '--no-model', '--replace')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).not.toBe('mine');
  });

  test.each([
    [[], 2, /expected one folder, got 0/],
    [['a', 'b'], 2, /expected one folder, got 2/],
    [['wasm', '--runtime', 'ort-node'], 2, /--runtime ort-node: expected one of ort-wasm/],
    [['wasm', '--unknown'], 2, /--unknown/],
    [['wasm', '--model', 'no-such-model'], 2, /no-such-model/],
  ])('%j is refused, and nothing written', async (args, code, message) => {
    expect(await assets(...args)).toMatchObject({ code, stderr: expect.stringMatching(message) });
    expect(readdirSync(work)).toEqual([]);
  });
});
