import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type DetectedImages,
  type DetectionRun,
  detectImages,
  type ImageTask,
  memoryRun,
  openRunFolder,
  type RunIdentity,
} from '@retinabench/backends/runs';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import { defaultModelId } from '@retinabench/models';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, loadDetector } from '../../src/index.js';
import { sharedFolder, sharedPresent } from '../shared.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'runs-'));
const images: ImageTask[] = [];
let model: LoadedModel;

beforeAll(async () => {
  model = await resolveModel(defaultModelId, { cacheFolder: folder, sharedFolder: folder });
  const mini = await listWiderImages(await ensureMini({ cacheDir: folder }));
  // Names of one, two and four steps: nothing of the layout of WIDER FACE is asked for.
  ['a.jpg', 'deep/b.jpg', 'deep/er/still/c.jpg'].forEach((image, index) => {
    const file = path.join(folder, 'own', image);
    mkdirSync(path.dirname(file), { recursive: true });
    copyFileSync(mini[index * 7].file, file);
    images.push({ image, file });
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const detect = (run: DetectionRun, tasks: readonly ImageTask[], detector = model): Promise<DetectedImages> =>
  detectImages({
    model: detector,
    backend: 'ort-node',
    threads: 1,
    asked: { scoreFloor: 0.3 },
    boxRounding: 'none',
    keep: { landmarks: true },
    images: tasks,
    workers: 2,
    run,
    onProgress: () => undefined,
  });

const identity: RunIdentity = {
  code: { version: '1', sha256: 'a' },
  model: { id: 'm', sha256: 'b', cardSha256: 'c' },
  backend: { id: 'ort-node', version: '1' },
  runtimes: {},
  settings: {},
  dataset: { name: 'own', namesSha256: 'd' },
  landmarks: true,
};

describe('detectImages', () => {
  test.for([
    ['face-api-ssd-mobilenetv1', 'which has no landmarks', false],
    ['retinaface-mnet025', 'landmarks included', true],
  ] as const)(
    'gives what the detector of %s alone gives, %s, for images of any names, in the order asked for',
    async ([id, , hasLandmarks], { skip }) => {
      skip(hasLandmarks && !sharedPresent, 'the shared data folder is absent');
      const model = await resolveModel(id, { cacheFolder: folder, sharedFolder });
      const { detected, failed, resumed } = await detect(memoryRun(), images, model);
      expect(failed).toEqual([]);
      expect(resumed).toBeUndefined();
      expect(detected.map(({ image }) => image)).toEqual(images.map(({ image }) => image));
      const { detector, dispose } = await loadDetector(model, 'ort-node', { scoreFloor: 0.3 }, { threads: 1 });
      for (const [index, { file }] of images.entries()) {
        const pixels = await decodeImage(file, file);
        const alone = await detector.detect(pixels);
        const found = detected[index];
        expect([found.widthPx, found.heightPx]).toEqual([pixels.widthPx, pixels.heightPx]);
        expect(found.detections.length).toBe(alone.count * 5);
        expect(found.landmarks !== undefined).toBe(hasLandmarks);
        expect((found.landmarks ?? []).map(Math.fround)).toEqual([...(alone.landmarks ?? [])]);
        expect(found.detections.filter((_, at) => at % 5 === 4).map(Math.fround)).toEqual([...alone.scores]);
        expect(found.detectMs).toBeGreaterThan(0);
      }
      expect(detected.some(({ detections }) => detections.length > 0)).toBe(true);
      await dispose();
    },
  );

  test('names an image that is broken and finishes the others; a second run detects nothing again but what changed', async () => {
    const broken = { image: 'broken.jpg', file: path.join(folder, 'broken.jpg') };
    writeFileSync(broken.file, 'no image');
    const place = path.join(folder, 'run');
    const open = (): DetectionRun => openRunFolder({ folder: place, identity, fresh: false });
    const first = open();
    const before = await detect(first, [images[0], broken, images[1]]);
    first.close();
    expect(before.failed.map(({ image, kind, exitCode }) => [image, kind, exitCode])).toEqual([
      ['broken.jpg', 'input', 2],
    ]);
    expect(before.detected).toHaveLength(2);
    copyFileSync(images[2].file, images[1].file);
    const second = open();
    const after = await detect(second, [images[0], images[1], images[2]]);
    second.close();
    expect(after.resumed?.images).toBe(1);
    expect(after.changed).toBe(1);
    expect(after.detected[0]).toEqual(before.detected[0]);
    expect(after.detected[1].detections).toEqual(after.detected[2].detections);
  });

  test('ends where a worker has another version of the backend than the run began with, and says both', async () => {
    const begun = detectImages({
      model,
      backend: 'ort-node',
      backendVersion: '0.0.1',
      threads: 1,
      asked: {},
      boxRounding: 'none',
      images,
      workers: 1,
      run: memoryRun(),
      onProgress: () => undefined,
    });
    await expect(begun).rejects.toThrow(/backend ort-node: it was 0\.0\.1 when the run began and is [\d.]+ now/);
  });

  test('refuses a folder whose run keeps boxes alone, and says so', () => {
    const place = path.join(folder, 'boxes');
    const { landmarks: _, ...boxesAlone } = identity;
    openRunFolder({ folder: place, identity: boxesAlone, fresh: false }).close();
    expect(() => openRunFolder({ folder: place, identity, fresh: false })).toThrow(
      /holds detections of another run \(landmarks not there, true asked for\)/,
    );
  });
});
