import { ModelError, ProtocolError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { matrixCells, nameCell, runMatrix } from '../../src/detection/matrix.js';

const quiet = { quiet: true, json: false };

describe('matrixCells', () => {
  test('is every combination, model by model; a rule with a comma is one', () => {
    const cells = matrixCells({ model: 'a,b', backend: 'x,y', scale: 'short:1600,2150,original' });
    expect(cells.map(({ model, backend, scale }) => `${model} ${backend} ${scale}`)).toEqual([
      'a x short:1600,2150',
      'a x original',
      'a y short:1600,2150',
      'a y original',
      'b x short:1600,2150',
      'b x original',
      'b y short:1600,2150',
      'b y original',
    ]);
    expect(nameCell(cells[0], cells)).toBe('a / x / short:1600,2150');
    expect(nameCell(cells[0], cells.slice(0, 2))).toBe('short:1600,2150');
  });

  test.each([
    [{ model: 'a,a', backend: 'x' }, /--model: expected names joined by commas, each once, got a twice/],
    [{ model: 'a', backend: 'x,' }, /--backend: .*got an empty one in "x,"/],
    [{ model: 'a', backend: 'x', scale: 'vga,long:640' }, /long:640 twice/],
  ])('refuses %j', (flags, message) => {
    expect(() => matrixCells(flags)).toThrow(ProtocolError);
    expect(() => matrixCells(flags)).toThrow(message);
  });
});

describe('runMatrix', () => {
  const cells = matrixCells({ model: 'a,b,c', backend: 'x' });

  test('a cell that fails is named and loses no other; the exit code says so', async () => {
    const { outcomes, exitCode } = await runMatrix(quiet, cells, async ({ model }) => {
      if (model === 'b') throw new ModelError('b does not load');
      return { result: model, exitCode: 0 };
    });
    expect(outcomes.map((outcome) => ('result' in outcome ? outcome.result : outcome.error))).toEqual([
      'a',
      'b does not load',
      'c',
    ]);
    expect(exitCode).toBe(2);
  });

  test('anything but a typed error ends it, and so does the failure of a single cell', async () => {
    const fault = async (): Promise<never> => {
      throw new TypeError('ours');
    };
    await expect(runMatrix(quiet, cells, fault)).rejects.toThrow('ours');
    const failure = async (): Promise<never> => {
      throw new ModelError('no');
    };
    await expect(runMatrix(quiet, cells.slice(0, 1), failure)).rejects.toThrow(ModelError);
  });
});
