import { seededRandom } from '@retinabench/core';
import type { ComposedScores, ScoreFactor } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import type { GridLevel } from '../../src/decoders/composed/grid.js';
import { ScoreFilter } from '../../src/decoders/composed/score-filter.js';
import { scoreReader } from '../../src/decoders/composed/score-reader.js';
import type { ValueView } from '../../src/decoders/composed/value-view.js';

const level: GridLevel = { rows: 3, columns: 4, perCell: 2, first: 0, stride: 8 };
const count = 24;

/** Where two values a candidate may lie: rows of candidates, maps of channels, and anchor by anchor as YOLO has them. */
const layouts: readonly (readonly [name: string, steps: Omit<ValueView, 'data' | 'base'>])[] = [
  ['n v', { row: 16, column: 4, anchor: 2, value: 1 }],
  ['(k v) h w', { row: 4, column: 1, anchor: 24, value: 12 }],
  ['k h w v', { row: 8, column: 2, anchor: 24, value: 1 }],
];
const factors: readonly (readonly [name: string, factors: readonly ScoreFactor[], combine?: 'geometric-mean'])[] = [
  ['one number', [{ tensor: 'a', classes: 2, keep: [1] }]],
  ['a sigmoid', [{ tensor: 'a', classes: 2, keep: [0], activation: 'sigmoid' }]],
  ['a softmax', [{ tensor: 'a', classes: 2, keep: [1], activation: 'softmax' }]],
  [
    'two numbers',
    [
      { tensor: 'a', keep: [0] },
      { tensor: 'b', keep: [0] },
    ],
  ],
  [
    'two sigmoids',
    [
      { tensor: 'a', activation: 'sigmoid' },
      { tensor: 'b', activation: 'sigmoid' },
    ],
  ],
  [
    'a sigmoid and a softmax',
    [
      { tensor: 'a', activation: 'sigmoid' },
      { tensor: 'b', classes: 2, keep: [1], activation: 'softmax' },
    ],
  ],
  [
    'a geometric mean',
    [
      { tensor: 'a', clamp: true },
      { tensor: 'b', clamp: true },
    ],
    'geometric-mean',
  ],
  ['three sigmoids', ['a', 'b', 'c'].map((tensor) => ({ tensor, activation: 'sigmoid' as const }))],
];

describe('ScoreFilter.select', () => {
  for (const [layout, steps] of layouts) {
    for (const [name, list, combine] of factors) {
      test(`leaves out no candidate above the floor, and no NaN: ${name}, ${layout}`, () => {
        const random = seededRandom(7);
        const scores: ComposedScores = { factors: list, ...(combine === undefined ? {} : { combine }) };
        const [filter, read] = [new ScoreFilter(scores), scoreReader(scores)];
        for (let round = 0; round < 50; round++) {
          const scoreFloor = random();
          const views = list.map(() => ({
            data: Float32Array.from({ length: 48 }, () => 4 * random() - 2),
            base: 0,
            ...steps,
          }));
          if (round % 2 === 1) views[round % views.length].data[Math.floor(random() * 48)] = Number.NaN;
          const expected: number[] = [];
          for (let index = 0; index < count; index++) {
            const [row, column, anchor] = [Math.floor(index / 8), Math.floor(index / 2) % 4, index % 2];
            if (!(read(views, row, column, anchor) <= scoreFloor)) expected.push(index);
          }
          const { indices, count: selected } = filter.select(views, level, count, scoreFloor);
          const found = [...indices.subarray(0, selected)];
          expect(found.filter((index) => expected.includes(index))).toEqual(expected);
          expect(found).toEqual([...found].sort((a, b) => a - b));
        }
      });
    }
  }

  test('reads no more than it has to: of 24 low logits it selects none', () => {
    const filter = new ScoreFilter({ factors: [{ tensor: 'a', activation: 'sigmoid' }] });
    const view = { data: new Float32Array(48).fill(-9), base: 0, row: 16, column: 4, anchor: 2, value: 1 };
    expect(filter.select([view], level, count, 0.02).count).toBe(0);
  });

  test('looks at the first candidates alone where the network says how many count', () => {
    const filter = new ScoreFilter({ factors: [{ tensor: 'a' }] });
    const rows: GridLevel = { rows: 1, columns: 6, perCell: 1, first: 0, stride: 1 };
    const view = { data: new Float32Array(6).fill(1), base: 0, row: 0, column: 1, anchor: 0, value: 0 };
    expect([...filter.select([view], rows, 4, 0.5).indices.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
    expect(filter.select([view], rows, 4, 0.5).count).toBe(4);
  });
});
