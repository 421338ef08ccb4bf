import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { externalParts, readOnnx } from '../../src/index.js';
import { loadModelCard } from '../../src/node/load-card.js';
import { cardPathOf, readOnnxFile } from '../../src/node.js';
import { inlineExternalData } from '../../src/onnx/external-data.js';
import { publishedModels } from '../../src/zoo/published-models.js';
import { readShared, sharedFolder, sharedPresent } from '../shared.js';

const varint = (value: number): Buffer => Buffer.from(value < 128 ? [value] : [(value % 128) + 128, value >> 7]);

/** A protocol-buffer field: a number of variable length (below 128) or bytes (fewer than 16,384). */
function field(number: number, value: number | string | Buffer): Buffer {
  const tag = number * 8 + (typeof value === 'number' ? 0 : 2);
  const head = varint(tag);
  if (typeof value === 'number') return Buffer.concat([head, Buffer.from([value])]);
  const content = Buffer.from(value);
  return Buffer.concat([head, varint(content.length), content]);
}

const entry = (key: string, value: string): Buffer => field(13, Buffer.concat([field(1, key), field(2, value)]));

/** A float tensor [2]: 8 bytes at `offset` of `location`. */
function externalTensor(name: string, location: string, offset = '0', length = '8'): Buffer {
  const where = [entry('location', location), entry('offset', offset), entry('length', length)];
  return Buffer.concat([field(1, 2), field(2, 1), field(8, name), ...where, field(14, 1)]);
}

const inline = (name: string, data: Buffer): Buffer =>
  Buffer.concat([field(1, 2), field(2, 1), field(8, name), field(9, data)]);

/** A model: the tensor as an initialiser and, with a field that no reader knows, as the constant of a subgraph's node. */
function model(tensor: Buffer, nested: Buffer): Buffer {
  const constant = field(1, Buffer.concat([field(2, 'c'), field(4, 'Constant'), field(5, field(5, nested))]));
  const branch = field(5, Buffer.concat([field(1, 'then_branch'), field(6, constant), field(20, 5)]));
  const node = field(1, Buffer.concat([field(4, 'If'), branch, field(127, 'unknown')]));
  return Buffer.concat([field(1, 8), field(7, Buffer.concat([node, field(5, tensor)])), field(8, field(2, 13))]);
}

const data = Buffer.from([0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64]); // 1, 2, 3, 4 as float32
const first = data.subarray(0, 8);
const second = data.subarray(8, 16);

test('inlineExternalData changes tensors alone, in subgraphs too: the bytes of the same model made in one file', () => {
  const split = model(externalTensor('w', 'w.data'), externalTensor('n', './w.data', '8'));
  const whole = inlineExternalData(split, 'a.onnx', ({ offset, length = 0 }) => data.subarray(offset, offset + length));
  expect(Buffer.from(whole).equals(model(inline('w', first), inline('n', second)))).toBe(true);
});

test('inlineExternalData gives back the very bytes of a model in one piece, and of what is no model', () => {
  const never = (): never => expect.unreachable();
  for (const bytes of [model(inline('w', first), inline('n', second)), Buffer.from('version https://git-lfs')]) {
    expect(inlineExternalData(bytes, 'a.onnx', never)).toBe(bytes);
  }
});

test('externalParts refuses a length that is not that of the dimensions: 2 floats are 8 bytes', () => {
  const split = model(externalTensor('w', 'w.data', '0', '4'), inline('n', second));
  expect(() => externalParts(split, 'a.onnx')).toThrow(/a\.onnx: tensor w: expected 8 bytes .* got a length of 4/);
  const odd = model(externalTensor('w', 'w.data', '-8'), inline('n', second));
  expect(() => externalParts(odd, 'a.onnx')).toThrow(/tensor w: expected a number of bytes for the offset.*"-8"/);
});

describe('readOnnxFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'retinabench-external-'));
    await mkdir(path.join(folder, 'model'));
    await writeFile(path.join(folder, 'secret.data'), data);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(location: string): Promise<string> {
    const file = path.join(folder, 'model', 'a.onnx');
    await writeFile(file, model(externalTensor('w', location), inline('n', second)));
    return file;
  }

  test.each(['../secret.data', 'x/../../secret.data', '..\\secret.data', '/etc/hostname', 'C:w.data'])(
    'refuses data at %s, outside the folder of the model',
    async (location) => {
      await expect(readOnnxFile(await write(location))).rejects.toThrow(
        /tensor w: expected its external data in a file/,
      );
    },
  );

  test('refuses a link that leads out of the folder, a folder and a file that is not there', async () => {
    await symlink('../secret.data', path.join(folder, 'model', 'w.data'));
    await expect(readOnnxFile(await write('w.data'))).rejects.toThrow(/a link that leads out of its folder/);
    await mkdir(path.join(folder, 'model', 'd.data'));
    await expect(readOnnxFile(await write('d.data'))).rejects.toThrow(/which is no file/);
    await expect(readOnnxFile(await write('none.data'))).rejects.toThrow(/ENOENT.*save the model in one file/);
  });

  test('says how far the data would reach in a file that is shorter', async () => {
    await writeFile(path.join(folder, 'model', 'w.data'), data.subarray(0, 7));
    await expect(readOnnxFile(await write('w.data'))).rejects.toThrow(/bytes 0 to 8 of w\.data, got a file of 7 bytes/);
  });

  test('hashes and counts the .onnx and its data one after the other, and the card may name either hash', async () => {
    const file = await write('w.data');
    const cardFile = cardPathOf(file);
    await writeFile(path.join(folder, 'model', 'w.data'), data);
    const graph = model(externalTensor('w', 'w.data'), inline('n', second));
    const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    const both = hashOf(Buffer.concat([graph, data]));
    const card = { ...publishedModels.find(({ card }) => card.id === 'yunet-n')!.card, id: 'mine' };
    await writeFile(cardFile, JSON.stringify({ ...card, sha256: both }));
    expect(await loadModelCard(file)).toMatchObject({
      sizeBytes: graph.length + 16,
      card: { sha256: both },
      warnings: [],
    });
    await writeFile(cardFile, JSON.stringify({ ...card, sha256: hashOf(graph) }));
    const loaded = await loadModelCard(file);
    expect(loaded.card.sha256).toBe(both);
    expect(loaded.warnings[0]).toContain(`does not cover; set it to ${both}`);
    await writeFile(cardFile, JSON.stringify({ ...card, sha256: both }));
    await writeFile(path.join(folder, 'model', 'w.data'), Buffer.concat([data.subarray(0, 15), Buffer.from([65])]));
    await expect(loadModelCard(file)).rejects.toThrow(new RegExp(`a\\.onnx and w\\.data: expected .*${both}`));
  });
});

test.skipIf(!sharedPresent)(
  'yunet-s with external data (needs the shared data folder) has the weights of yunet-s in one file',
  async () => {
    const split = await readOnnxFile(path.join(sharedFolder, 'models/other/yunet-s-external.onnx'));
    // The two files, 26,351 and 212,272 bytes.
    expect(split.sizeBytes).toBe(238_623);
    const tensors = readOnnx(split.bytes, 'split').graph.initialisers;
    const whole = readOnnx(readShared('models/other/yunet-s-uint8.onnx'), 'whole').graph.initialisers;
    const expected = new Map(whole.map(({ name, bytes }) => [name, Buffer.from(bytes)]));
    expect(tensors).toHaveLength(134);
    for (const { name, bytes } of tensors) expect(expected.get(name)?.equals(bytes), name).toBe(true);
  },
);
