import { ProtocolError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { fitScales } from '../../src/detection/fixed-sizes.js';
import { matrixCells } from '../../src/detection/matrix.js';

const quiet = { quiet: true, json: false };
const cellsOf = (model: string, scale?: string, perturb?: string) =>
  matrixCells({
    model,
    backend: 'x,y',
    ...(scale === undefined ? {} : { scale }),
    ...(perturb === undefined ? {} : { perturb }),
  });

// ultraface-rfb-320 takes 320 x 240 only, face-api-tiny any size.
describe('fitScales', () => {
  test('runs a network of one size once a backend and condition, and all others at every scale', async () => {
    const cells = await fitScales(quiet, cellsOf('face-api-tiny,ultraface-rfb-320', 'long:320,640', 'blur:2'));
    const names = cells.map(({ model, backend, scale, perturb = 'clean' }) =>
      [model, backend, scale, perturb].join(' '),
    );
    expect(names.filter((name) => name.startsWith('face-api-tiny'))).toHaveLength(2 * 2 * 2);
    expect(names.filter((name) => name.startsWith('ultraface'))).toEqual([
      'ultraface-rfb-320 x original clean',
      'ultraface-rfb-320 x original blur:2',
      'ultraface-rfb-320 y original clean',
      'ultraface-rfb-320 y original blur:2',
    ]);
  });

  test('refuses scales where every model has one size, before anything runs', async () => {
    const asked = fitScales(quiet, cellsOf('ultraface-rfb-320,ultraface-rfb-640', 'long:320,640'));
    await expect(asked).rejects.toThrow(ProtocolError);
    await expect(asked).rejects.toThrow(/networks of one size \(ultraface-rfb-320 of 320 x 240, ultraface-rfb-640 of/);
  });

  test('leaves alone what names no scale, and models that cannot be loaded: these fail in their own cells', async () => {
    const plain = cellsOf('face-api-tiny,ultraface-rfb-320');
    expect(await fitScales(quiet, plain)).toBe(plain);
    const unknown = cellsOf('face-api-tiny,no-such-model', 'long:320');
    expect(await fitScales(quiet, unknown)).toBe(unknown);
  });
});
