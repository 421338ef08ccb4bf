import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchWiderValNames } from '../../src/wider.js';

const root = path.resolve(import.meta.dirname, '../../..');
const annotations = path.resolve(
  root,
  process.env.RETINABENCH_SHARED ?? '../shared',
  'datasets/wider/wider_face_val_bbx_gt.txt',
);

describe.skipIf(!existsSync(annotations))(
  'names of WIDER FACE val, as its annotations list them (needs the shared data folder)',
  () => {
    const names = existsSync(annotations)
      ? readFileSync(annotations, 'utf8')
          .split('\n')
          .filter((line) => line.endsWith('.jpg'))
          .map((line) => line.slice(0, -'.jpg'.length))
      : [];

    it('are the whole set in any order, and with some of them twice', async () => {
      expect(names).toHaveLength(3226);
      expect(await matchWiderValNames(names)).toBe('whole');
      expect(await matchWiderValNames(names.toReversed())).toBe('whole');
      expect(await matchWiderValNames([...names, names[0]])).toBe('whole');
    });

    it('are a part of it if one is missing, also where another stands twice in its place', async () => {
      expect(await matchWiderValNames(names.slice(1))).toBe('part');
      expect(await matchWiderValNames([names[1], ...names.slice(1)])).toBe('part');
    });

    it('are not it with one foreign name in the place of an own', async () => {
      expect(await matchWiderValNames(['0--Parade/another', ...names.slice(1)])).toBe('other');
    });
  },
);
