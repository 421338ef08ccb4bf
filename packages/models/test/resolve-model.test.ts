import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError, ModelError } from '@retinabench/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertCard, defaultModelId, importCheckpoint } from '../src/index.js';
import { loadModelCard } from '../src/node/load-card.js';
import { cachedModelPath, cardPathOf, knownModels, resolveModel, saveModel } from '../src/node.js';
import { publishedModels } from '../src/zoo/published-models.js';
import { readShared, sharedFolder, sharedPresent } from './shared.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'retinabench-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

const card = { ...publishedModels.find(({ card }) => card.id === 'yunet-n')!.card, id: 'mine' };

test("loadModelCard refuses an .onnx whose hash is not its card's, naming both", async () => {
  const file = path.join(folder, 'mine.onnx');
  await writeFile(file, 'other bytes');
  await writeFile(cardPathOf(file), JSON.stringify(card));
  await expect(loadModelCard(file)).rejects.toThrow(
    new RegExp(`mine\\.onnx: expected the file of SHA-256 ${card.sha256}.*got [0-9a-f]{64}`),
  );
});

test('loadModelCard says that the card is missing, and how to write one', async () => {
  const file = path.join(folder, 'mine.onnx');
  await writeFile(file, 'bytes');
  await expect(loadModelCard(file)).rejects.toThrow(
    /mine\.card\.json: expected a readable file, got ENOENT.*add-a-model/,
  );
});

test('resolveModel lists the ids that there are when it knows none of that name', async () => {
  const folders = { cacheFolder: folder, sharedFolder: path.join(folder, 'none') };
  await expect(resolveModel('retinaface-mnet52', folders)).rejects.toThrow(
    /model retinaface-mnet52: expected one of .*unknown id/,
  );
  await expect(resolveModel('../../etc/passwd', folders)).rejects.toThrow(ModelError);
  await expect(resolveModel('retinaface-mnet025', folders)).rejects.toThrow(
    /models pull retinaface-mnet025 --accept-licence/,
  );
  // Both places where its file may lie, and what names them.
  const missing = await resolveModel('yunet-n', folders).catch((error: Error) => error.message);
  expect(missing).toContain(`no ${cachedModelPath(folders, 'yunet-n')} in the cache (RETINABENCH_CACHE)`);
  expect(missing).toContain(`no ${path.join(folder, 'none', 'models')}`);
  expect(missing).toContain('(RETINABENCH_SHARED, by default ../shared of the current directory)');
});

test('a model of ours is the file in this package, at most 2.5 MB, whatever the cache has under its id', async () => {
  const folders = { cacheFolder: folder, sharedFolder: path.join(folder, 'none') };
  await saveModel(cachedModelPath(folders, defaultModelId), {
    onnx: new Uint8Array(1),
    card: { ...card, id: defaultModelId },
  });
  const own = await resolveModel(defaultModelId, folders);
  expect(path.relative(path.resolve(import.meta.dirname, '../data'), own.onnxPath)).toBe(`${defaultModelId}.onnx`);
  expect(createHash('sha256').update(own.bytes).digest('hex')).toBe(own.card.sha256);
  expect(own.sizeBytes).toBeLessThanOrEqual(2_500_000);
  expect(assertCard(own.card, 'own')).toEqual(own.card);
});

test('saveModel ends with a typed error where no folder can be made', async () => {
  const model = { onnx: new Uint8Array(1), card };
  await expect(saveModel('/proc/retinabench/m.onnx', model)).rejects.toThrow(EnvironmentError);
});

describe.skipIf(!sharedPresent)('with the shared data folder', () => {
  test('resolveModel imports a known checkpoint once and finds it in the cache from then on', async () => {
    const first = await resolveModel('retinaface-1mb-slim', { cacheFolder: folder, sharedFolder });
    const again = await resolveModel('retinaface-1mb-slim', { cacheFolder: folder, sharedFolder: 'nowhere' });
    expect(again.card).toEqual(first.card);
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
    const models = await knownModels({ cacheFolder: folder, sharedFolder: 'nowhere' });
    expect(models.find(({ id }) => id === 'retinaface-1mb-slim')).toMatchObject({
      state: 'cached',
      parameters: 343_488,
    });
  });

  test('resolveModel takes a published .onnx from where it lies', async () => {
    const model = await resolveModel('yunet-n', { cacheFolder: folder, sharedFolder });
    expect(model.onnxPath).toBe(path.join(sharedFolder, 'models/yunet_n_dynamic.onnx'));
    expect(await readdir(folder)).toEqual([]);
  });

  test('saveModel writes what loadModelCard reads, and importing twice gives the same bytes', async () => {
    const file = path.join(folder, 'deep/slim.onnx');
    const bytes = readShared('models/retinaface-1mb-slim.pth');
    const model = importCheckpoint(bytes, 'slim.pth', 'retinaface-1mb-slim');
    await saveModel(file, model);
    expect((await loadModelCard(file)).card).toEqual(model.card);
    expect(Buffer.compare(await readFile(file), importCheckpoint(bytes, 'slim.pth', 'retinaface-1mb-slim').onnx)).toBe(
      0,
    );
  });
});
