import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderPairs } from '../../src/score/order-pairs.js';
import { scorePairs } from '../../src/score/score-pairs.js';
import type { Templates } from '../../src/template/templates.js';
import { tempFolder } from '../temp-files.js';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

function randomTemplates(count: number, dimensions: number, random: () => number): Templates {
  const vectors = Float64Array.from({ length: count * dimensions }, () => random() - 0.5);
  return { count, dimensions, ids: Int32Array.from({ length: count }, (_, i) => i), vectors, zeroIds: [] };
}

function randomPairs(pairs: number, count: number, random: () => number) {
  const draw = () => Int32Array.from({ length: pairs }, () => Math.floor(random() * count));
  return { left: draw(), right: draw() };
}

describe('scorePairs(templates, pairs)', () => {
  it('gives dot products: (1, 2, 3) . (4, -5, 6) = 4 - 10 + 18 = 12', async () => {
    const templates = {
      count: 2,
      dimensions: 3,
      ids: Int32Array.of(1, 2),
      vectors: Float64Array.of(1, 2, 3, 4, -5, 6),
      zeroIds: [],
    };
    const pairs = { left: Int32Array.of(0, 1, 0), right: Int32Array.of(1, 0, 0) };
    expect([...(await scorePairs(templates, pairs))]).toEqual([12, 12, 14]);
    expect([...(await scorePairs(templates, pairs, { kernel: 'scalar' }))]).toEqual([12, 12, 14]);
  });

  it('the WebAssembly kernel gives the bits of the scalar one for any dimensions and pairs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(),
        async (dimensions, count, seed) => {
          const random = seededRandom(seed);
          const templates = randomTemplates(count, dimensions, random);
          const pairs = randomPairs(500, count, random);
          expect(await scorePairs(templates, pairs)).toEqual(await scorePairs(templates, pairs, { kernel: 'scalar' }));
        },
      ),
      { seed: 5, numRuns: 40 },
    );
  });

  it('two threads give the bits of one, and report every pair', async () => {
    const random = seededRandom(9);
    const templates = randomTemplates(500, 512, random);
    const pairs = randomPairs(200_000, 500, random);
    let reported = 0;
    const onPairs = (done: number) => {
      reported = done;
    };
    const scores = await scorePairs(templates, pairs, { threads: 2, onPairs });
    expect(reported).toBe(200_000);
    expect(
      Buffer.from(scores.slice().buffer).equals(Buffer.from((await scorePairs(templates, pairs)).slice().buffer)),
    ).toBe(true);
  });
});

describe('orderPairs(left, right, ...)', () => {
  it('is a permutation by block of the right, then left template, then place', () => {
    const random = seededRandom(2);
    const { left, right } = randomPairs(3000, 100, random);
    const order = orderPairs(left, right, 100, 1 << 14, new Uint32Array(3000));
    const block = (pair: number) => Math.floor(right[pair] / 16);
    const expected = Array.from(left, (_, i) => i).sort((a, b) => block(a) - block(b) || left[a] - left[b] || a - b);
    expect([...order]).toEqual(expected);
  });
});

describe('assembly/dot.wasm', () => {
  it('is what assembly/dot.ts compiles to', async () => {
    const file = path.join(await tempFolder(), 'dot.wasm');
    const asc = path.join(packageFolder, '../../node_modules/assemblyscript/bin/asc.js');
    execFileSync(process.execPath, [asc, '--config', 'packages/eval-ijbc/assembly/asconfig.json', '--outFile', file], {
      cwd: path.join(packageFolder, '../..'),
    });
    expect(readFileSync(file).equals(readFileSync(path.join(packageFolder, 'assembly/dot.wasm')))).toBe(true);
  });
});
