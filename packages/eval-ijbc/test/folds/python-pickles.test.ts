import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateFolds } from '../../src/folds/evaluate-folds.js';
import { readFoldPairs } from '../../src/folds/read-fold-pairs.js';

const hasPython = spawnSync('python3', ['--version']).status === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'python-pickles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ramp = Buffer.from(Array.from({ length: 600 }, (_, at) => at % 256));

/** The image that write-pairs.py makes. */
function imageOf(index: number): Buffer {
  const from = (index * 7) % 256;
  return ramp.subarray(from, from + [3, 255, 256, 300][index % 4]);
}

/** CFP-FP: 7,000 pairs, ten folds of 350 genuine and 350 impostor ones in turn. AgeDB-30: 6,000, of 300. */
describe.skipIf(!hasPython).each([
  ['CFP-FP', 7000, 700, [0, 1, 2, 3, 4, 5]],
  ['AgeDB-30', 6000, 600, [2, 4]],
])("pairs as Python's pickle writes them, in the layout of %s (needs python3)", (name, pairs, perFold, protocols) => {
  it('are read the same from every protocol, and from booleans and arrays of NumPy', async () => {
    const own = path.join(folder, name);
    const script = path.join(import.meta.dirname, 'write-pairs.py');
    mkdirSync(own);
    const made = spawnSync('python3', [script, own, ...[pairs, perFold, ...protocols].map(String)], {
      encoding: 'utf8',
    });
    expect(made.stderr).toBe('');
    const files = readdirSync(own).sort();
    expect(files).toHaveLength(protocols.length + 4 * protocols.filter((protocol) => protocol >= 2).length);
    for (const file of files) {
      const read = await readFoldPairs(path.join(own, file));
      expect(read.labels.length, file).toBe(pairs);
      expect(read.images?.length, file).toBe(2 * pairs);
      const other = read.labels.findIndex((label, pair) => label !== (pair % perFold < perFold / 2 ? 1 : 0));
      expect(other, file).toBe(-1);
      const differing = read.images?.findIndex((image, index) => !imageOf(index).equals(image));
      expect(differing, file).toBe(-1);
    }
  });

  it('make ten folds that hold as many pairs of each kind', () => {
    const labels = Uint8Array.from({ length: pairs }, (_, pair) => (pair % perFold < perFold / 2 ? 1 : 0));
    const distances = Float64Array.from(labels, (label) => (label === 1 ? 0.4 : 1.6));
    const { folds, accuracy } = evaluateFolds({ distances, labels }, 10, 1e-3);
    expect(folds).toHaveLength(10);
    expect(accuracy.mean).toBe(1);
  });
});

describe('pairs as Python 2 writes them', () => {
  it('are read from protocol 0: the repr of byte strings, with its escapes', async () => {
    // repr('\x00a\'"\\\n\xff') of Python 2 and repr("it's").
    const lines = ['(lp0', `S'\\x00a\\'"\\\\\\n\\xff'`, 'p1', `aS"it's"`, 'p2', 'a(lp3', 'I01', 'a'];
    const file = path.join(folder, 'python2-protocol0.bin');
    writeFileSync(file, `(${lines.join('\n')}tp4\n.`, 'latin1');
    const { images, labels } = await readFoldPairs(file);
    expect(images?.map((image) => [...image])).toEqual([
      [0x00, 0x61, 0x27, 0x22, 0x5c, 0x0a, 0xff],
      [0x69, 0x74, 0x27, 0x73],
    ]);
    expect([...labels]).toEqual([1]);
  });
  it('are read from protocol 2, 14,000 images with a memo that outgrows one byte', async () => {
    const parts: Buffer[] = [Buffer.from('\x80\x02]q\x00(', 'latin1')];
    const count = 14_000;
    for (let index = 0; index < count; index++) {
      const image = imageOf(index);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(image.length);
      // SHORT_BINSTRING up to 255 bytes, BINSTRING above; each is put into the memo, by LONG_BINPUT from 256 on.
      parts.push(
        image.length < 256 ? Buffer.from([0x55, image.length]) : Buffer.concat([Buffer.from('T'), length]),
        image,
      );
      const memo = Buffer.alloc(4);
      memo.writeUInt32LE(index + 1);
      parts.push(index + 1 < 256 ? Buffer.from([0x71, index + 1]) : Buffer.concat([Buffer.from('r'), memo]));
      // APPENDS ends a batch of 1,000.
      if (index % 1000 === 999 && index + 1 < count) parts.push(Buffer.from('e('));
    }
    parts.push(Buffer.from('e](', 'latin1'));
    for (let pair = 0; pair < count / 2; pair++) parts.push(Buffer.from([pair % 700 < 350 ? 0x88 : 0x89]));
    parts.push(Buffer.from('e\x86.', 'latin1'));
    const file = path.join(folder, 'python2.bin');
    writeFileSync(file, Buffer.concat(parts));
    const { labels, images } = await readFoldPairs(file);
    expect(labels.reduce((sum, label) => sum + label, 0)).toBe(3500);
    expect(images?.findIndex((image, index) => !imageOf(index).equals(image))).toBe(-1);
  });
});
