import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { DatasetError, ModelError, ShapeError } from '../../src/errors.js';
import { buildHierarchy } from '../../src/mesh/hierarchy.js';
import { loadHierarchy, saveHierarchy } from '../../src/mesh/hierarchy-file.js';
import { parseObj } from '../../src/mesh/parse-obj.js';
import { writeObj } from '../../src/mesh/write-obj.js';
import { grid } from './shapes.js';

const place = 'a.obj';

describe('parseObj under fuzzing', () => {
  it('gives a mesh or DatasetError for mutated files', async () => {
    const valid = [
      '# two triangles\no thing\nv 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 1 0 0 0 1\nv 1 1 0 0 0 1\nvt 0 0\nf 1/1/1 2/1/1 3//1\nf -1 -2 \\\n-3\n',
      writeObj(grid(3)),
    ];
    await fuzzParser({
      name: 'obj, text',
      inputs: mutatedText(valid),
      parse: (text) => parseObj(text, place),
      errors: [DatasetError],
      place,
      seed: 107,
      runs: fuzzRuns(),
    });
  });

  it('gives a mesh or DatasetError for statements in any order', async () => {
    const number = fc.constantFrom(
      '0',
      '1',
      '-1',
      '2',
      '3',
      '4',
      '1e999',
      'nan',
      '0x2',
      '1/1',
      '2//3',
      '1.5',
      '-9',
      '',
      '9'.repeat(30),
    );
    const line = fc
      .tuple(fc.constantFrom('v', 'v', 'f', 'f', 'vn', '#', 'usemtl', ''), fc.array(number, { maxLength: 7 }))
      .map(([word, numbers]) => [word, ...numbers].join(' '));
    const statements = fc.tuple(
      fc.constantFrom('', 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n'),
      fc.array(line, { maxLength: 4 }),
    );
    await fuzzParser({
      name: 'obj, statements',
      inputs: statements.map(([start, lines]) => start + lines.join('\n')),
      parse: (text) => parseObj(text, place),
      errors: [DatasetError],
      place,
      seed: 108,
      runs: fuzzRuns(),
    });
  });

  it('reads a face of 300,000 corners', () => {
    const corners = 300_000;
    const vertices = Array.from({ length: corners }, (_, index) => `v ${index} 0 0`).join('\n');
    const face = Array.from({ length: corners }, (_, index) => index + 1).join(' ');
    expect(parseObj(`${vertices}\nf ${face}\n`, place).triangles.length).toBe(3 * (corners - 2));
    expect(() => parseObj(`${vertices}\nf ${face} ${corners + 1}\n`, place)).toThrow(/up to 300000, got 300001/);
  });
});

describe('loadHierarchy under fuzzing', () => {
  it('gives a hierarchy or a typed error for mutated files', async () => {
    await fuzzParser({
      name: 'mesh hierarchy, bytes',
      inputs: mutatedBytes([saveHierarchy(buildHierarchy(grid(4), 2, 'grid'))]),
      parse: (bytes) => loadHierarchy(bytes, place),
      errors: [ModelError, ShapeError, DatasetError],
      place,
      seed: 109,
      runs: fuzzRuns(2000),
      allowedBytes: (bytes) => 2 ** 22 + 64 * bytes,
    });
  });
});
