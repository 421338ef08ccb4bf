import { type MatrixCellResult, protocolId } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { findMatrixContradictions } from '../../../results/src/reading/consistency/matrix.js';
import { isBaselineOf, matrixCells, nameCell } from '../../src/detection/matrix.js';
import { formatMatrix } from '../../src/detection/matrix-table.js';

const cells = matrixCells({ model: 'a,b', backend: 'x', perturb: 'blur:2,dark:0.5+noise:10' });

describe('matrixCells with --perturb', () => {
  it('runs every detector on the images as they are first, then under each condition', () => {
    expect(cells.map((cell) => nameCell(cell, cells))).toEqual([
      ...['a / clean', 'a / blur:2', 'a / dark:0.5+noise:10'],
      ...['b / clean', 'b / blur:2', 'b / dark:0.5+noise:10'],
    ]);
  });

  it('compares a condition with the clean run of the same detector, clean runs with the first', () => {
    const baselines = cells.map((cell) => cells.findIndex((other) => isBaselineOf(cell, cells[0], other)));
    expect(baselines).toEqual([0, 0, 0, 0, 3, 3]);
  });

  it('refuses what is no corruption, and has one cell without the flag', () => {
    expect(() => matrixCells({ model: 'a', backend: 'x', perturb: 'fog:1' })).toThrow(/perturbation: expected blur:2/);
    expect(matrixCells({ model: 'a', backend: 'x' })).toEqual([{ model: 'a', backend: 'x' }]);
  });
});

describe('a matrix of corrupted images', () => {
  const cell = (model: string, ap: number, difference?: number, perturb?: string): MatrixCellResult => ({
    ...{ model, backend: 'x', scale: 'original', values: { 'ap.hard': ap } },
    ...(perturb === undefined ? {} : { perturb }),
    ...(difference === undefined ? {} : { difference: { 'ap.hard': { value: difference } } }),
  });
  const contradictions = (...matrix: MatrixCellResult[]) =>
    findMatrixContradictions({
      schemaVersion: 1,
      kind: 'matrix',
      createdAt: '2026-01-02T03:04:05.000Z',
      protocol: { id: protocolId({}) },
      environment: { cpu: 'c', cores: 1, memoryBytes: 1, os: 'o', node: 'n', packageVersions: {} },
      matrix,
    });

  it('holds differences to the clean run of the same detector', () => {
    const right = [
      cell('a', 0.8),
      cell('a', 0.5, -0.3, 'blur:2'),
      cell('b', 0.7, -0.1),
      cell('b', 0.6, -0.1, 'blur:2'),
    ];
    expect(contradictions(...right)).toEqual([]);
    // To the first of all it would be -0.2.
    expect(contradictions(...right.slice(0, 3), cell('b', 0.6, -0.2, 'blur:2'))).toHaveLength(1);
  });

  it('is shown with a column that says what was done to the images', () => {
    const table = formatMatrix([cell('a', 0.8), cell('a', 0.5, -0.3, 'blur:2')]);
    expect(table).toMatch(/images .* to clean/);
    expect(table).toMatch(/clean +ap\.hard +0\.8000/);
    expect(table).toMatch(/blur:2 +ap\.hard +0\.5000 +- +-0\.3000/);
  });
});
