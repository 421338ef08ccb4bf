import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotatedImages, parseAnnotatedImages } from '../../src/check/annotated-images.js';
import { lfwVerificationFiles } from '../../src/pull/lfw-pairs.js';

let work: string;

beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-annotation-'));
});

afterAll(() => rm(work, { recursive: true }));

describe('annotatedImages', () => {
  it.each([
    [
      'gt.txt',
      '0--A/a.jpg\n1\n1 2 3 4 0 0 0 0 0 0 \n0--A/b c.jpg\r\n0\n0 0 0 0 0 0 0 0 0 0\n',
      ['0--A/a.jpg', '0--A/b c.jpg'],
    ],
    ['x_face_tid_mid.txt', 'Ann/1.jpg 1 1\n\n2.jpg 2 2', ['Ann/1.jpg', '2.jpg']],
    ['wider_face_val.json', '{"images": [{"name": "0--A/a", "faces": []}]}', ['0--A/a.jpg']],
  ])('reads the names of %s', async (name, text, expected) => {
    await writeFile(path.join(work, name), text);
    expect(await annotatedImages(path.join(work, name))).toEqual(expected);
  });

  it('names a file that is missing or names nothing', async () => {
    await expect(annotatedImages(path.join(work, 'none.txt'))).rejects.toThrow(/none\.txt: cannot be read/);
    await writeFile(path.join(work, 'empty.txt'), '');
    await expect(annotatedImages(path.join(work, 'empty.txt'))).rejects.toThrow(DatasetError);
  });
});

/** Run `parse` and pass over a DatasetError; anything else is a fault of ours. */
function typedErrorsAlone(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError);
  }
}

describe('readers of annotations under fuzzing', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '0--A/a.jpg',
      '1',
      '-1',
      '1e999',
      '9'.repeat(400),
      '1 2 3 4 0 0 0 0 0 0',
      'Ann\t1\t2',
      'Ann\t1\tBob\t2',
      '',
    ),
    fc.string({ maxLength: 20 }),
  );
  const text = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'));

  it('parseAnnotatedImages meets any text with DatasetError alone', () => {
    for (const name of ['gt.txt', 'x_face_tid_mid.txt']) {
      fc.assert(
        fc.property(text, (content) => typedErrorsAlone(() => parseAnnotatedImages(name, content))),
        { seed: 6, numRuns: 5000 },
      );
    }
  });

  it('parseAnnotatedImages meets any JSON with DatasetError alone', () => {
    const nested = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.integer(), fc.string(), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(fc.constantFrom('images', 'name', '__proto__', 'faces'), tie('value'), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(nested.value, (value) =>
        typedErrorsAlone(() => parseAnnotatedImages('gt.json', JSON.stringify({ images: value }))),
      ),
      { seed: 7, numRuns: 10_000 },
    );
  });

  it('lfwVerificationFiles meets any text with DatasetError alone', () => {
    fc.assert(
      fc.property(text, (content) => typedErrorsAlone(() => lfwVerificationFiles(content))),
      { seed: 8, numRuns: 10_000 },
    );
  });
});
