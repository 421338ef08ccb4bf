import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPairs } from '../../src/meta/pairs.js';
import { tempFile } from '../temp-files.js';

const pairs = (text: string) => tempFile('ijbc_template_pair_label.txt', text).then((file) => readPairs(file));

describe('readPairs(file)', () => {
  it('reads two template ids and a label per line', async () => {
    const list = await pairs('1 11065 1\n7 2147483647 0\n0 3 0\n');
    expect(list.count).toBe(3);
    expect([...list.templateIds1]).toEqual([1, 7, 0]);
    expect([...list.templateIds2]).toEqual([11065, 2147483647, 3]);
    expect([...list.labels]).toEqual([1, 0, 0]);
  });

  it('reads CRLF files, tabs, several spaces and a last line without ending alike', async () => {
    const list = await pairs('1 2 1\r\n  3\t4  0 \r\n5 6 0');
    expect([...list.templateIds1]).toEqual([1, 3, 5]);
    expect([...list.templateIds2]).toEqual([2, 4, 6]);
    expect([...list.labels]).toEqual([1, 0, 0]);
  });

  it('gives back any list that was written, over the border of chunks', async () => {
    const id = fc.integer({ min: 0, max: 0x7fffffff });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(id, id, fc.integer({ min: 0, max: 1 })), { minLength: 1 }), async (rows) => {
        const repeated = Array.from({ length: 3000 }, () => rows).flat();
        const list = await pairs(repeated.map((row) => row.join(' ')).join('\n'));
        expect(list.count).toBe(repeated.length);
        expect(Buffer.from(list.templateIds1.slice().buffer)).toEqual(
          Buffer.from(Int32Array.from(repeated, (row) => row[0]).buffer),
        );
        expect([...list.labels.subarray(-rows.length)]).toEqual(rows.map((row) => row[2]));
      }),
      { seed: 3, numRuns: 8 },
    );
  });

  it.each([
    ['1 2 1\n1 2 2\n', ':2: expected the label 0 (impostor) or 1 (genuine)'],
    ['1 2 -1\n', ':1: expected the label 0'],
    ['1 2 01\n', ':1: expected the label 0'],
    ['1 2\n', ':1: expected two template ids and the label'],
    ['1 2 1 9\n', ':1: expected two template ids and the label'],
    ['1,2,1\n', ':1: expected two template ids and the label'],
    ['-1 2 1\n', ':1: expected two template ids and the label'],
    [
      '1 2 1\n2147483648 2 1\n',
      ':2: expected the label 0 (impostor) or 1 (genuine) after two ids of at most 2147483647',
    ],
    ['1 2 1\n\n1 2 0\n', ':2: expected a record, got an empty line'],
    ['', 'expected at least one pair'],
    ['\n\n', 'expected at least one pair'],
  ])('refuses %j with file and line', async (text, message) => {
    await expect(pairs(text)).rejects.toThrow(message);
  });
});
