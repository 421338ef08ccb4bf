import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini } from '@retinabench/datasets';
import {
  evaluateWider,
  loadGroundTruth,
  readPredictions,
  restrictGroundTruth,
  scoringProtocol,
} from '@retinabench/eval-wider';
import type { ImageResult, ResultRecord } from '@retinabench/results';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { drawWorse } from '../../src/gate/worse-pictures.js';
import { gateRecord } from './gate-record.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-worse-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const names = ['0--Portrait/a', '0--Portrait/b', '0--Portrait/c'];

/** A record of these images that loses so much hard AP to each. */
function recordOf(evaluated: readonly ImageResult[], ...lost: readonly number[]): ResultRecord {
  const images = evaluated.map((image) => ({
    ...image,
    apLost: { easy: 0, medium: 0, hard: lost[names.indexOf(image.name)] },
  }));
  return { ...gateRecord(0.5), images } as unknown as ResultRecord;
}

test('draws the images that lose more than before, worst first, and replaces those of the gate before', async () => {
  const data = await ensureMini({ cacheDir: path.join(root, 'cache') });
  const images = path.join(data, 'WIDER_val/images');
  const event = readdirSync(images).sort()[0];
  names.splice(
    0,
    3,
    ...readdirSync(path.join(images, event))
      .sort()
      .slice(0, 3)
      .map((file) => `${event}/${path.parse(file).name}`),
  );
  const predictions = path.join(root, 'predictions');
  for (const [index, name] of names.entries()) {
    const file = path.join(predictions, `${name}.txt`);
    mkdirSync(path.dirname(file), { recursive: true });
    // One confident box in the corner: no face, so that it is drawn orange and every face red.
    writeFileSync(file, `${path.basename(name)}\n1\n2 2 20 20 0.9${index}\n`);
  }
  const folder = path.join(root, 'pictures');
  const groundTruth = path.join(data, 'ground_truth');
  const source = { place: 'head.json', predictions, data, given: {}, folder };
  const protocol = scoringProtocol('python', 'strict');
  const evaluated = evaluateWider(
    restrictGroundTruth(loadGroundTruth(groundTruth), new Set(names)),
    readPredictions(predictions, protocol),
    protocol,
    { interval: false },
  ).images;
  const record = (...lost: readonly number[]): ResultRecord => recordOf(evaluated ?? [], ...lost);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'mine.webp'), 'mine');
  // Losses grow by 0.1, -0.1 and 0.3: the third is the worst, the second got better.
  const files = await drawWorse({ ...source, baseline: record(0.1, 0.2, 0.1), record: record(0.2, 0.1, 0.4) });
  expect(files.map((file) => path.basename(file))).toEqual(['worse-1.webp', 'worse-2.webp']);
  const { data: pixels, info } = await sharp(files[0]).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const original = await sharp(path.join(images, `${names[2]}.jpg`)).metadata();
  expect(info.width / info.height).toBeCloseTo(original.width / original.height, 1);
  // The left edge of the box lies at 2 px of the image, in a picture of at most 720 px: orange has much red, little blue.
  const scale = info.width / original.width;
  const at = 3 * (Math.round(12 * scale) * info.width + Math.round(2 * scale));
  expect(pixels[at] - pixels[at + 2]).toBeGreaterThan(100);

  await drawWorse({ ...source, baseline: record(0.1, 0.2, 0.1), record: record(0.2, 0.1, 0.1) });
  expect(readdirSync(folder).sort()).toEqual(['mine.webp', 'worse-1.webp']);
  // A second detection in the image that is drawn: no longer the predictions that the record counts one of.
  writeFileSync(
    path.join(predictions, `${names[2]}.txt`),
    `${path.basename(names[2])}\n2\n2 2 20 20 0.92\n3 3 20 20 0.91\n`,
  );
  await expect(
    drawWorse({ ...source, baseline: record(0.1, 0.2, 0.1), record: record(0.2, 0.1, 0.4) }),
  ).rejects.toThrow(
    /predictions: expected the predictions that head\.json was made of, .*: 1 detections by the record, 2 here\)/,
  );
  const unlike = gateRecord(0.5) as unknown as ResultRecord;
  await expect(drawWorse({ ...source, baseline: unlike, record: unlike })).rejects.toThrow(
    /expected AP hard lost per image/,
  );
});
