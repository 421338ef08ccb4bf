import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { benchStages, parseBenchSize, runBatches, runBench, runScenario, runThroughput } from '@retinabench/backends';
import { BackendError, ProtocolError } from '@retinabench/core';
import { defaultModelId } from '@retinabench/models';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
const imageFile = path.join(folder, 'noise.jpg');
let model: LoadedModel;

beforeAll(async () => {
  model = await resolveModel(defaultModelId, { cacheFolder: folder, sharedFolder: folder });
  const noise = Buffer.from(Array.from({ length: 96 * 64 * 3 }, (_, at) => (at * 7919) % 251));
  await sharp(noise, { raw: { width: 96, height: 64, channels: 3 } })
    .jpeg()
    .toFile(imageFile);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('parseBenchSize', () => {
  test('knows the sizes of the paper and WxH', () => {
    expect(parseBenchSize('vga')).toEqual({ name: 'vga', widthPx: 640, heightPx: 480 });
    expect(parseBenchSize('HD')).toMatchObject({ widthPx: 1920, heightPx: 1080 });
    expect(parseBenchSize('4k')).toMatchObject({ widthPx: 4096, heightPx: 2160 });
    expect(parseBenchSize('320x256')).toEqual({ name: '320x256', widthPx: 320, heightPx: 256 });
  });

  test.each(['', 'qhd', '640', '640x', '8x8', '1e3x640', '640x480x3'])('rejects %j', (text) => {
    expect(() => parseBenchSize(text)).toThrow(ProtocolError);
  });
});

describe('runBench', () => {
  const init = { asked: {}, threads: 1, size: parseBenchSize('96x64') };

  test('times every stage, load and first run apart, and the stages fit into the total', async () => {
    const [result] = await runBench({
      configurations: [{ ...init, model, backend: 'ort-node', imageFile }],
      rounds: 2,
      roundMs: 1,
      onProgress: () => undefined,
    });
    if ('failure' in result) throw new Error(result.failure);
    const { latencyMs, onceMs } = result;
    for (const stage of benchStages) expect(latencyMs[stage].n).toBe(latencyMs.total.n);
    // Two rounds of at least two repetitions.
    expect(latencyMs.total.n).toBeGreaterThanOrEqual(4);
    expect(latencyMs.infer.median).toBeGreaterThan(0);
    expect(latencyMs.infer.median).toBeLessThan(latencyMs.total.median);
    expect(onceMs.load).toBeGreaterThan(0);
    expect(onceMs.firstRun).toBeGreaterThan(0);
    expect(result.memoryPeakBytes).toBeGreaterThan(model.bytes.length);
  });

  test('a configuration that fails is reported and the others go on', async () => {
    const results = await runBench({
      configurations: [
        { ...init, model, backend: 'nothing', imageFile },
        { ...init, model, backend: 'ort-node', imageFile },
      ],
      rounds: 1,
      roundMs: 1,
      onProgress: () => undefined,
    });
    expect(results[0]).toMatchObject({ failure: expect.stringContaining('backend nothing: not known') });
    expect('failure' in results[1]).toBe(false);
  });

  test('fails as a whole if every configuration does', async () => {
    const configurations = [{ ...init, model, backend: 'nothing', imageFile }];
    await expect(runBench({ configurations, rounds: 1, roundMs: 1, onProgress: () => undefined })).rejects.toThrow(
      BackendError,
    );
  });
});

describe('runBatches', () => {
  test('times of a batch are given for each image, and a configuration that fails does not stop the others', async () => {
    const init = { asked: {}, threads: 1, size: parseBenchSize('96x64'), model, imageFile };
    const [one, two, failed] = await runBatches({
      configurations: [
        { ...init, backend: 'ort-node', batch: 1 },
        { ...init, backend: 'ort-node', batch: 2 },
        { ...init, backend: 'nothing', batch: 2 },
      ],
      rounds: 2,
      roundMs: 1,
      onProgress: () => undefined,
    });
    if ('failure' in one || 'failure' in two) throw new Error('not measured');
    expect(one.perImageMs.roundMedians).toHaveLength(2);
    expect(two.perImageMs.n).toBeGreaterThanOrEqual(4);
    expect(two.perImageMs.median).toBeGreaterThan(0);
    expect(failed).toMatchObject({ failure: expect.stringContaining('backend nothing: not known') });
  });
});

describe('runScenario', () => {
  const init = { asked: {}, threads: 1, size: parseBenchSize('96x64') };
  const run = (backend: string) =>
    runScenario({
      init: { ...init, model, backend, imageFile },
      scenario: { kind: 'stream', framesPerSecond: 20, frames: 8 },
      warmUpMs: 1,
      onProgress: () => undefined,
    });

  test('every frame of a stream is detected or dropped', async () => {
    const { served, protocol } = await run('ort-node');
    expect(served.latenciesMs.length + served.dropped).toBe(8);
    expect(Math.min(...served.latenciesMs)).toBeGreaterThan(0);
    expect(served.late).toBe(served.latenciesMs.filter((ms) => ms > 50).length);
    expect(protocol.scale).toBeDefined();
  });

  test('names the configuration that fails', async () => {
    await expect(run('nothing')).rejects.toThrow(/on nothing: backend nothing: not known/);
  });
});

describe('runThroughput', () => {
  const init = { asked: {}, threads: 1, backend: 'ort-node' };

  test('measures images a second over the whole pipeline', async () => {
    const done: number[] = [];
    const { imagesPerSecond, latencyMs } = await runThroughput({
      init: { ...init, model },
      workers: 1,
      files: [imageFile],
      images: 6,
      onProgress: (count) => done.push(count),
    });
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
    expect(imagesPerSecond).toBeGreaterThan(0);
    // Two images warm up.
    expect(latencyMs.n).toBe(4);
  });

  test('names an image that cannot be detected', async () => {
    const files = [path.join(folder, 'missing.jpg')];
    const options = { init: { ...init, model }, workers: 1, files, images: 3, onProgress: () => undefined };
    await expect(runThroughput(options)).rejects.toThrow(/missing\.jpg: expected an image/);
  });
});
