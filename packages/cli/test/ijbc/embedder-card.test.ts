import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { arcfacePoints } from '@retinabench/core';
import { readExtraction } from '@retinabench/eval-ijbc';
import { openNpy } from '@retinabench/files';
import { type CardEmbedding, formatCard } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import { parseRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

const shared = process.env.RETINABENCH_SHARED ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const images = path.join(shared, 'datasets/lfw/images');
const isAbsent = !existsSync(images);

/** Points about as they lie in the photographs of LFW, whose faces are in the middle of 250 x 250. */
const points = [105, 113, 145, 113, 125, 135, 109, 158, 141, 158];

let folder: string;

beforeAll(async () => {
  if (isAbsent) return;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  folder = await mkdtemp(path.join(os.tmpdir(), 'cli-embedder-'));
  const list = await readFile(path.join(shared, 'datasets/lfw/lfw_face_tid_mid.txt'), 'utf8');
  const names = list
    .split('\n')
    .slice(0, 4)
    .map((line) => line.split(' ')[0]);
  await writeFile(path.join(folder, 'few_face_tid_mid.txt'), names.map((name, i) => `${name} ${i} ${i}\n`).join(''));
  await writeFile(path.join(folder, 'few_template_pair_label.txt'), '0 1 1\n0 2 0\n1 3 0\n2 3 1\n');
  await writeFile(
    path.join(folder, 'few_name_5pts_score.txt'),
    names.map((name) => `${name} ${points.join(' ')} 0.9\n`).join(''),
  );
});

afterAll(async () => {
  vi.restoreAllMocks();
  if (!isAbsent) await rm(folder, { recursive: true, force: true });
});

/** The embedder of the shared folder under a card of our own. */
async function embedderWith(name: string, embedding: CardEmbedding | undefined, widthPx = 112): Promise<string> {
  const { card } = await resolveModel('mobilefacenet-128d');
  const onnx = path.join(folder, `${name}.onnx`);
  await copyFile(path.join(shared, 'models/mobilefacenet-128d.onnx'), onnx);
  const size = { rule: 'fixed', widthPx, heightPx: 112, fit: 'stretch', padValue: 0 } as const;
  const own = { ...card, id: name, input: { ...card.input, size }, ...(embedding === undefined ? {} : { embedding }) };
  await writeFile(path.join(folder, `${name}.card.json`), formatCard(own));
  return onnx;
}

/** Run `retinabench ijbc`. */
async function ijbc(...args: readonly string[]): Promise<number> {
  return runProgram(await buildProgram(), ['node', 'retinabench', 'ijbc', ...args, '--quiet']);
}

/** Extract the features of the images with an embedder. */
async function extract(name: string, embedding?: CardEmbedding): Promise<string> {
  const embedder = await embedderWith(name, embedding);
  const features = path.join(folder, `${name}.npy`);
  const flags = ['--meta', folder, '--images', images, '--embedder', embedder, '--workers', '1', '--threads', '1'];
  expect(await ijbc('extract', ...flags, '--landmarks', 'given', '--out', features)).toBe(0);
  return features;
}

async function rows(file: string): Promise<Float32Array> {
  const npy = await openNpy(file);
  const values = new Float32Array(npy.header.shape.reduce((product, side) => product * side, 1));
  await npy.readInto(0, values);
  await npy.close();
  return values;
}

const flippedOf = (features: string) => features.replace(/\.npy$/, '-flip.npy');

describe.skipIf(isAbsent)(
  "an embedder's card decides crop and flip of ijbc extract (needs the shared data folder)",
  () => {
    it('the five points of ArcFace, by name, by number or by default, give the same features', async () => {
      const plain = await extract('plain');
      const [left, right, nose, mouthLeft, mouthRight] = [0, 2, 4, 6, 8].map(
        (at) => [arcfacePoints[at], arcfacePoints[at + 1]] as const,
      );
      const numbered = await extract('numbered', {
        crop: { rule: 'points', points: [left, right, nose, mouthLeft, mouthRight] },
      });
      const named = await extract('named', { crop: { rule: 'template', template: 'arcface' } });
      expect(await rows(numbered)).toEqual(await rows(plain));
      expect(await rows(named)).toEqual(await rows(plain));
      const alignment = (features: string) => readExtraction(features)?.settings.alignment;
      expect(alignment(named)).toBe(alignment(plain));
      expect(alignment(numbered)).toContain('points 38.2946 51.6963');
      expect(existsSync(flippedOf(plain))).toBe(true);
    });

    it('other points give another crop, and thus other features', async () => {
      const higher = await extract('higher', {
        crop: {
          rule: 'points',
          points: [
            [30, 40],
            [82, 40],
            [56, 66],
            [36, 90],
            [76, 90],
          ],
        },
      });
      expect(await rows(higher)).not.toEqual(await rows(path.join(folder, 'plain.npy')));
    });

    it('flip none makes no mirrored features, and concat is what verify does without a flag', async () => {
      const single = await extract('single', { flip: 'none' });
      expect(existsSync(flippedOf(single))).toBe(false);
      const both = await extract('both', { flip: 'concat' });
      const record = path.join(folder, 'record.json');
      const verify = (features: string, ...more: readonly string[]) =>
        ijbc(
          ...['verify', '--meta', folder, '--features', features, '--no-interval', '--force', '--out', record],
          ...more,
        );
      expect(await verify(both, '--features-flip', flippedOf(both))).toBe(0);
      const flipOf = async () => parseRecord(await readFile(record, 'utf8'), record).protocol.flip;
      expect(await flipOf()).toBe('concat');
      expect(await verify(both, '--features-flip', flippedOf(both), '--flip', 'add')).toBe(0);
      expect(await flipOf()).toBe('add');
      expect(await verify(single)).toBe(0);
      expect(await flipOf()).toBe('none');
    });

    it('the detected box needs a detector: points alone end with 2', async () => {
      const embedder = await embedderWith('boxed', { crop: { rule: 'box', margin: 0.1 } });
      const flags = ['--meta', folder, '--images', images, '--embedder', embedder, '--landmarks', 'given'];
      expect(await ijbc('extract', ...flags, '--out', path.join(folder, 'boxed.npy'))).toBe(2);
    });

    it('sides of which ArcFace has no crop end with 2, before anything is decoded', async () => {
      const embedder = await embedderWith('narrow', undefined, 96);
      const flags = ['--meta', folder, '--images', images, '--embedder', embedder, '--landmarks', 'given'];
      expect(await ijbc('extract', ...flags, '--out', path.join(folder, 'narrow.npy'))).toBe(2);
      expect(existsSync(path.join(folder, 'narrow.npy'))).toBe(false);
    });
  },
);
