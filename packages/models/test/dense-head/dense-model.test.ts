import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sha256Hex } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  defaultModelId,
  findArchitecture,
  importCheckpoint,
  networkFingerprint,
  readOnnx,
  readTrainedHead,
  writeOnnx,
  writeTrainedHead,
} from '../../src/index.js';
import { denseModel, type LoadedModel, ownHead, resolveModel, shippedHeadBases } from '../../src/node.js';
import { readShared, sharedPresent } from '../shared.js';
import { RandomSource } from './random-source.js';

let folder: string;
let own: LoadedModel;
let other: LoadedModel;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'retinabench-dense-'));
  const folders = { cacheFolder: folder, sharedFolder: path.join(folder, 'none') };
  own = await resolveModel(defaultModelId, folders);
  const { card, build } = findArchitecture('retinaface-mnet025');
  const source = new RandomSource();
  const bytes = writeOnnx(build(source));
  const made = { schemaVersion: 1, ...card, id: 'mine', sha256: sha256Hex(bytes), parameters: source.parameters };
  other = { onnxPath: 'mine.onnx', bytes, sizeBytes: bytes.length, card: made as LoadedModel['card'], warnings: [] };
});
afterAll(() => rm(folder, { recursive: true }));

describe('denseModel', () => {
  test('gives the embedded detector its head of this package, and leaves a model with a head as it is', async () => {
    const dense = await denseModel(own);
    expect(dense.card.id).toBe(`${defaultModelId}-dense`);
    expect(dense.card.decoder).toMatchObject({ outputs: { dense: 'dense' }, denseFrame: 'face' });
    expect(dense.warnings).toEqual([]);
    expect(sha256Hex(dense.bytes)).toBe(dense.card.sha256);
    expect(await denseModel(dense)).toBe(dense);
  });

  test('finds the head by the weights of the network, not by its name', async () => {
    const renamed = { ...own, card: { ...own.card, id: 'another-name' } };
    expect((await denseModel(renamed)).card.id).toBe('another-name-dense');
    const impostor = { ...other, card: { ...other.card, id: defaultModelId } };
    await expect(denseModel(impostor)).rejects.toThrow(/got a RetinaFace of other weights/);
  });

  test('refuses a network that no head serves, with the command that trains one', async () => {
    await expect(denseModel(other)).rejects.toThrow(
      /model mine: .*train-dense:train --model mine.* attach it with --dense-head .*choose --model retinaface-rb025/,
    );
    const { decoder: _, ...card } = other.card;
    await expect(denseModel({ ...other, card })).rejects.toThrow(/got face-detection, which no dense head serves/);
  });

  test('takes the head of a file on its own network, and on another only where it is forced, with a warning', async () => {
    const head = await ownHead({ onnx: own.bytes, card: own.card });
    const headFile = path.join(folder, 'head.safetensors');
    await writeFile(headFile, writeTrainedHead(head));
    expect((await denseModel(own, { headFile })).card.sha256).toBe((await denseModel(own)).card.sha256);
    await expect(denseModel(other, { headFile })).rejects.toThrow(/--force-dense-head/);
    const forced = await denseModel(other, { headFile, force: true });
    expect(forced.warnings).toEqual([expect.stringContaining('was trained on another network (retinaface-rb025)')]);
    expect((await denseModel(own, { headFile, force: true })).warnings).toEqual([]);
    await expect(denseModel(await denseModel(own), { headFile })).rejects.toThrow(/with one/);
    await expect(denseModel(own, { headFile: `${headFile}.no` })).rejects.toThrow(/ENOENT; name a file/);
  });
});

test.skipIf(!sharedPresent)(
  'the public checkpoint has a head of its own (skipped without the shared data folder)',
  async () => {
    const imported = importCheckpoint(readShared('models/retinaface-mnet025.pth'), 'checkpoint', 'retinaface-mnet025');
    const head = await ownHead(imported);
    expect(head.base).toBe('retinaface-mnet025');
    expect(shippedHeadBases).toContain(head.base);
    const fingerprint = networkFingerprint(readOnnx(imported.onnx, 'imported'), 'scores', 'imported');
    expect(readTrainedHead(writeTrainedHead(head), 'head').fingerprint).toBe(fingerprint);
  },
);
