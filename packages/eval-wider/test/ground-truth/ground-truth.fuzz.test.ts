import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { groundTruthFromMat } from '../../src/ground-truth/from-mat.js';
import { groundTruthFromText } from '../../src/ground-truth/from-text.js';
import { faceLabels } from '../../src/ground-truth/ground-truth.js';
import { groundTruthFromJson } from '../json-ground-truth.js';
import { type MatInput, writeMat } from '../mat-writer.js';

const runs = fuzzRuns();

describe('groundTruthFromMat under fuzzing', () => {
  const empty: MatInput = { numbers: [], columns: 1, type: 'uint8' };
  const column = (...numbers: number[]): MatInput => ({ numbers, columns: 1, type: 'uint8' });
  const perFace: MatInput = { cells: [{ cells: [column(0, 1), empty] }, { cells: [column(0)] }] };
  const faces: Record<string, MatInput> = {
    event_list: { cells: [{ text: 'a' }, { text: 'b' }] },
    file_list: { cells: [{ cells: [{ text: 'a1' }, { text: 'a2' }] }, { cells: [{ text: 'b1' }] }] },
    face_bbx_list: {
      cells: [
        { cells: [{ numbers: [1, 5, 2, 6, 30, 70, 40, 80], columns: 4, type: 'int32' }, empty] },
        { cells: [{ numbers: [9, 9, 9, 9], columns: 4, type: 'int32' }] },
      ],
    },
    ...Object.fromEntries(faceLabels.map((label) => [`${label}_label_list`, perFace])),
  };
  const list: Record<string, MatInput> = {
    gt_list: { cells: [{ cells: [column(2), empty] }, { cells: [column(1)] }] },
  };

  /** Another array in place of one somewhere in the tree of a variable. */
  const other: fc.Arbitrary<MatInput> = fc.oneof(
    fc.constantFrom<MatInput>(
      { cells: [] },
      { cells: [{ text: '' }] },
      { text: 'a/../b' },
      { text: '' },
      empty,
      column(0),
      column(255, 1),
    ),
    fc.array(fc.nat(255), { maxLength: 4 }).map((numbers) => column(...numbers)),
    fc.constant<MatInput>({ numbers: [0x7fff_ffff, -1, 0, 1], columns: 4, type: 'int32' }),
  );
  const replace = (array: MatInput, path: readonly number[], by: MatInput): MatInput => {
    if (path.length === 0 || !('cells' in array) || array.cells.length === 0) return by;
    const at = path[0] % array.cells.length;
    return { cells: array.cells.map((cell, index) => (index === at ? replace(cell, path.slice(1), by) : cell)) };
  };
  const damaged = (variables: Record<string, MatInput>): fc.Arbitrary<Uint8Array> =>
    fc
      .tuple(fc.constantFrom(...Object.keys(variables)), fc.array(fc.nat(3), { maxLength: 3 }), other, fc.boolean())
      .map(([name, path, by, drop]) => {
        const { [name]: array, ...rest } = variables;
        return writeMat(drop && path.length === 0 ? rest : { ...rest, [name]: replace(array, path, by) }, false);
      });

  it('gives ground truth or DatasetError when one of the four files is damaged', async () => {
    const good = { faces: writeMat(faces, false), list: writeMat(list, false) };
    const inputs = fc.record({
      faces: fc.oneof({ weight: 2, arbitrary: fc.constant(good.faces) }, damaged(faces), mutatedBytes([good.faces])),
      easy: fc.oneof(
        { weight: 2, arbitrary: fc.constant(good.list) },
        damaged(list),
        mutatedBytes([good.list, good.faces]),
      ),
      medium: fc.constant(good.list),
      hard: fc.constant(good.list),
    });
    await fuzzParser({
      name: 'WIDER ground truth (MAT)',
      inputs,
      parse: (files) => groundTruthFromMat(files, 'gt'),
      errors: [DatasetError],
      place: 'gt/wider_',
      seed: 204,
      runs,
      sizeOf: (files) => files.faces.length + files.easy.length,
    });
  });
});

describe('groundTruthFromText under fuzzing', () => {
  const text =
    'a/x.jpg\n1\n1 2 3 4 2 1 0 1 2 1 \na/y.jpg\r\n0\n0 0 0 0 0 0 0 0 0 0 \na/z.jpg\n2\n5 6 7 8 0 0 0 0 0 0 \n5 6 7 8 0 0 0 0 0 0';
  const target = {
    parse: (input: string) => groundTruthFromText(input, 'gt.txt'),
    errors: [DatasetError],
    place: 'gt.txt',
    runs,
  } as const;

  it('gives ground truth or DatasetError for mutated files', async () => {
    await fuzzParser({ ...target, name: 'WIDER text, mutated', inputs: mutatedText([text]), seed: 205 });
  });

  it('gives ground truth or DatasetError for lines in any order', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'a/x.jpg',
        'a/y.jpg',
        'b/x.png',
        '../x.jpg',
        'x.jpg',
        '0',
        '1',
        '2',
        '-1',
        '1e3',
        '9'.repeat(400),
        '',
      ),
      fc.constantFrom(
        '1 2 3 4 0 0 0 0 0 0',
        '0 0 0 0 0 0 0 0 0 0',
        '1 2 3 4 9 0 0 0 0 0',
        '1 2 3',
        'nan 2 3 4 0 0 0 0 0 0',
      ),
      fc
        .array(fc.constantFrom('0', '1', '2', '-1', '1e400', 'x'), { minLength: 9, maxLength: 11 })
        .map((fields) => fields.join(' ')),
    );
    const inputs = fc
      .tuple(fc.constantFrom('', 'c/c.jpg\n1\n1 2 3 4 0 0 0 0 0 0\n', 'c/c.jpg\n1\n'), fc.array(line, { maxLength: 4 }))
      .map(([start, lines]) => start + lines.join('\n'));
    await fuzzParser({ ...target, name: 'WIDER text, lines', inputs, seed: 206 });
  });
});

describe('groundTruthFromJson under fuzzing', () => {
  it('gives ground truth or DatasetError for mutated values', async () => {
    const labels = { blur: 2, expression: 0, illumination: 1, occlusion: 2, pose: 1, invalid: 0 };
    const landmarks = [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ];
    const face = { box: [1, 2, 3.5, 4], ...labels, splits: ['hard'], landmarks };
    const value = {
      version: 1,
      images: [
        { name: 'a/x', faces: [face] },
        { name: 'a/y', faces: [] },
      ],
    };
    await fuzzParser({
      name: 'WIDER ground truth (JSON)',
      inputs: mutatedJson([value]),
      parse: (json) => groundTruthFromJson(json, 'gt.json'),
      errors: [DatasetError],
      place: 'gt.json',
      seed: 207,
      runs,
    });
  });
});
