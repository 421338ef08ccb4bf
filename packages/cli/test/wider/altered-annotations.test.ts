import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadGroundTruth } from '@retinabench/eval-wider/scoring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameAnnotations } from '../../src/wider/name-annotations.js';

const wider = path.resolve(
  import.meta.dirname,
  '../../../..',
  process.env.RETINABENCH_SHARED ?? '../shared',
  'datasets/wider',
);
const text = path.join(wider, 'wider_face_val_bbx_gt.txt');
const there = existsSync(text);

describe.skipIf(!there)(
  there ? 'annotations under names of WIDER FACE val' : 'skipped: no WIDER FACE in the shared data folder',
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-altered-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('keep the name if they are the official ones, of all images or of some', async () => {
      const official = loadGroundTruth(path.join(wider, 'ground_truth'));
      expect(await nameAnnotations('wider-val', official, official.images)).toEqual({
        name: 'wider-val',
        warnings: [],
      });
      const some = official.images.slice(100, 140);
      expect(await nameAnnotations('wider-val-part', official, some)).toEqual({ name: 'wider-val-part', warnings: [] });
    });

    it('are altered where they have no splits, which the text lacks', async () => {
      const official = loadGroundTruth(path.join(wider, 'ground_truth'));
      const other = official.images.filter((_, image) =>
        (['easy', 'medium', 'hard'] as const).some((split) =>
          official.counted[split].subarray(official.start[image], official.start[image + 1]).includes(0),
        ),
      );
      const read = loadGroundTruth(text);
      const { name, warnings } = await nameAnnotations('wider-val', read, read.images);
      expect(name).toBe('wider-val-altered');
      // In the text every face counts but those that are labelled invalid: some of these count in no split of the official files either.
      const [, count] =
        /^annotations-altered: ([\d,]+) of 3,226 images of WIDER FACE val count other faces/.exec(warnings[0]) ?? [];
      expect(Number(count.replace(',', ''))).toBeGreaterThan(1000);
      expect(Number(count.replace(',', ''))).toBeLessThanOrEqual(other.length);
    });

    it('are altered where one box of one image is another', async () => {
      const lines = readFileSync(text, 'utf8').split('\n');
      const at = lines.findIndex((line) => line.endsWith('.jpg'));
      const face = lines[at + 2].split(' ');
      lines[at + 2] = [Number(face[0]) + 1, ...face.slice(1)].join(' ');
      const file = path.join(folder, 'altered.txt');
      writeFileSync(file, lines.join('\n'));
      const read = loadGroundTruth(file);
      const image = lines[at].slice(0, -'.jpg'.length);
      const { name, warnings } = await nameAnnotations('wider-val-part', read, [image]);
      expect(name).toBe('wider-val-part-altered');
      expect(warnings).toEqual([
        expect.stringContaining(`1 of 1 images of WIDER FACE val have other boxes, first ${image}: AP is not that`),
      ]);
    });

    it('are nobody else’s under another name', async () => {
      const read = loadGroundTruth(text);
      expect(await nameAnnotations('own-set', read, read.images)).toEqual({ name: 'own-set', warnings: [] });
    });
  },
);
