import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { WiderGroundTruth } from '@retinabench/eval-wider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { annotatedImages } from '../../src/wider/annotated-images.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-annotated-'));
beforeAll(() => {
  const event = path.join(root, 'WIDER_val/images/0--Parade');
  mkdirSync(event, { recursive: true });
  for (const name of 'abcdef') writeFileSync(path.join(event, `${name}.jpg`), '');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Annotations of a part of the images, as a label.txt of one's own has them. */
const groundTruth = { images: ['0--Parade/c', '0--Parade/e', '0--Parade/f'] } as unknown as WiderGroundTruth;

it('annotatedImages limits what is annotated: the first two images have no annotation', async () => {
  const { images, notes } = await annotatedImages(root, groundTruth, { limit: 2 });
  expect(images.map(({ name, index }) => [name, index])).toEqual([
    ['0--Parade/c', 0],
    ['0--Parade/e', 1],
  ]);
  expect(notes).toEqual(['3 images have no ground truth and are left out.', '--limit: the first 2 images of 3.']);
});

it('annotatedImages refuses a shard of which no image is annotated', async () => {
  const none = { images: ['1--Other/a'] } as unknown as WiderGroundTruth;
  await expect(annotatedImages(root, none, { limit: 2 })).rejects.toThrow(
    /expected images that are annotated, got 6 images of which none is among the 1 of the ground truth/,
  );
});
