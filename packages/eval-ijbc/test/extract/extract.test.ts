import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Detections } from '@retinabench/backends';
import { arcfacePoints, DatasetError } from '@retinabench/core';
import { openNpy } from '@retinabench/files';
import { resolveModel } from '@retinabench/models/node';
import { describe, expect, it } from 'vitest';
import { alignFace, typicalPoints } from '../../src/extract/align-face.js';
import { chooseFace } from '../../src/extract/choose-face.js';
import { extractFeatures } from '../../src/extract/extract.js';
import type { ExtractOptions } from '../../src/extract/extract-options.js';
import { type ExtractionIdentity, extractionFiles, readExtraction } from '../../src/extract/extraction.js';
import { extractionBuild } from '../../src/extract/extraction-build.js';
import { openExtraction } from '../../src/extract/extraction-run.js';
import { openFeatureWriter } from '../../src/extract/feature-writer.js';
import { assertOwnFeatures } from '../../src/extract/finished-extraction.js';
import { readPoints } from '../../src/meta/points.js';
import { sharedFolder, sharedIsAbsent } from '../shared.js';
import { tempFolder } from '../temp-files.js';

function detections(
  rows: readonly (readonly [x1: number, y1: number, x2: number, y2: number, score: number])[],
): Detections {
  return {
    count: rows.length,
    boxesXyxy: Float32Array.from(rows.flatMap((row) => row.slice(0, 4))),
    scores: Float32Array.from(rows, (row) => row[4]),
  };
}

describe('chooseFace(faces, width, height)', () => {
  it('takes the face nearest the centre among those that score at least 0.5', () => {
    const faces = detections([
      [0, 0, 20, 20, 0.99],
      [45, 45, 65, 65, 0.6],
      [50, 50, 60, 60, 0.4],
    ]);
    expect(chooseFace(faces, 100, 100)).toBe(1);
  });

  it('takes the best where none scores that much, and none where there is none', () => {
    expect(
      chooseFace(
        detections([
          [0, 0, 9, 9, 0.4],
          [45, 45, 55, 55, 0.1],
        ]),
        100,
        100,
      ),
    ).toBe(0);
    expect(chooseFace(detections([]), 100, 100)).toBeUndefined();
  });
});

/** The default plan of an embedder of 112 x 112. */
const arcface = { kind: 'points', points: arcfacePoints, widthPx: 112, heightPx: 112 } as const;

describe('alignFace(image, points, plan)', () => {
  it('puts the five points where ArcFace has them: points already there copy the image', () => {
    const data = Uint8Array.from({ length: 112 * 112 * 3 }, (_, i) => (i * 7) % 251);
    const crop = alignFace({ widthPx: 112, heightPx: 112, data }, arcfacePoints, arcface);
    expect(crop?.data).toEqual(data);
  });

  it('gives no crop where the points coincide', () => {
    expect(
      alignFace({ widthPx: 1, heightPx: 1, data: new Uint8Array(3) }, new Float32Array(10), arcface),
    ).toBeUndefined();
  });

  it('takes an upright face for a box without landmarks: eyes above the nose above the mouth, left of right', () => {
    const p = typicalPoints([10, 20, 110, 220]);
    expect(p[0]).toBeCloseTo(10 + 30.3, 4);
    expect(p[1]).toBeCloseTo(20 + 77.6, 4);
    expect(p[0] < p[2] && p[6] < p[8] && p[1] < p[5] && p[5] < p[7]).toBe(true);
  });
});

describe('openFeatureWriter(file, rows, dimensions)', () => {
  it('writes rows in any order into a file that has its full size from the start, and goes on in it', async () => {
    const file = path.join(await tempFolder(), 'f.npy');
    const first = await openFeatureWriter(file, 3, 2);
    first.write(2, Float32Array.of(5, 6));
    first.close();
    const second = await openFeatureWriter(file, 3, 2);
    second.write(0, Float32Array.of(1, 2));
    expect(() => second.write(1, Float32Array.of(1))).toThrow('expected 2 numbers in row 1, got 1');
    second.close();
    const npy = await openNpy(file);
    const values = new Float32Array(6);
    await npy.readInto(0, values);
    await npy.close();
    expect([...values]).toEqual([1, 2, 0, 0, 5, 6]);
    await expect(openFeatureWriter(file, 4, 2)).rejects.toThrow('got (3, 2); run again with --fresh');
  });
});

describe('openExtraction(features, identity)', () => {
  const identity: ExtractionIdentity = {
    code: { version: '1.0.0', sha256: 'd' },
    embedder: { id: 'e', sha256: 'a', cardSha256: 'c' },
    backend: { id: 'ort-node', version: '1' },
    runtimes: { libvips: '8' },
    settings: { landmarks: 'given' },
    images: { count: 1, listSha256: 'b' },
  };
  const extractedAt = '2026-11-29T12:00:00.000Z';
  const entry = {
    ...{ image: 0, points: arcfacePoints, score: 1, source: 'given' as const },
    ...{ sha256: '0'.repeat(64), extractedAt },
  };
  const outcome = {
    facesNotFound: 0,
    imagesSha256: 'f',
    featuresSha256: 'a',
    extracted: { earliest: extractedAt, latest: extractedAt },
  };

  it('keeps finished images for the same identity alone', async () => {
    const features = path.join(await tempFolder(), 'f.npy');
    const first = openExtraction(features, identity, false);
    first.append(entry);
    first.close();
    const again = openExtraction(features, identity, false);
    expect([...again.finished.values()]).toEqual([entry]);
    again.close();
    const other = { ...identity, settings: { landmarks: 'detected' } };
    expect(() => openExtraction(features, other, false)).toThrow(
      'holds an extraction with other models, settings or images',
    );
    const fresh = openExtraction(features, other, true);
    expect(fresh.finished.size).toBe(0);
    fresh.close();
  });

  it('does not touch the run of another process with --fresh either', async () => {
    const features = path.join(await tempFolder(), 'f.npy');
    const held = openExtraction(features, identity, false);
    held.append(entry);
    expect(() => openExtraction(features, identity, true)).toThrow(/in use by process/);
    held.close();
    const again = openExtraction(features, identity, false);
    expect(again.finished.size).toBe(1);
    again.close();
  });

  it('goes on with moving the files to their places where a fault ended it', async () => {
    const folder = await tempFolder();
    const features = path.join(folder, 'f.npy');
    const target = extractionFiles(features);
    const about = { ...identity, ...outcome };
    const first = openExtraction(features, identity, false);
    first.append(entry);
    await writeFile(first.files.features, 'features');
    await writeFile(first.files.flipped, 'flipped');
    // The list of points cannot be written: the features are in their places by then, what they are is not yet said.
    await mkdir(target.points);
    expect(() => first.finish('points', about, true)).toThrow(/cannot write/);
    first.close();
    expect(await readFile(features, 'utf8')).toBe('features');
    expect(readExtraction(features)).toBeUndefined();
    await rmdir(target.points);
    const second = openExtraction(features, identity, false);
    expect(second.isFinishing).toBe(true);
    expect(second.finished.size).toBe(1);
    second.finish('points', about, true);
    expect((await readdir(folder)).sort()).toEqual([
      ...['f-flip.npy', 'f-images.jsonl', 'f-points.txt', 'f.json', 'f.npy'],
    ]);
    expect(await readFile(target.flipped, 'utf8')).toBe('flipped');
    expect(readExtraction(features)).toEqual(about);
  });

  it('refuses folders and features that no extraction made, and leaves them, with --fresh too', async () => {
    const folder = await tempFolder();
    const features = path.join(folder, 'f.npy');
    await mkdir(`${features}.run`);
    await writeFile(`${features}.run/thesis.txt`, 'precious');
    expect(() => openExtraction(features, identity, true)).toThrow(/f\.npy\.run: holds files that no extraction left/);
    const other = path.join(folder, 'g.npy');
    await writeFile(other, 'features of somebody else');
    expect(() => openExtraction(other, identity, true)).toThrow(/g\.npy: was not made by an extraction/);
    expect(await readFile(other, 'utf8')).toBe('features of somebody else');
    expect(await readdir(`${features}.run`)).toEqual(['thesis.txt']);
  });

  it('deletes with --fresh its own files alone, and follows no link', async () => {
    const folder = await tempFolder();
    const features = path.join(folder, 'f.npy');
    openExtraction(features, identity, false).close();
    await mkdir(`${features}.run/notes`);
    await writeFile(`${features}.run/notes/mine.txt`, 'mine');
    openExtraction(features, identity, true).close();
    expect(await readdir(`${features}.run/notes`)).toEqual(['mine.txt']);
    await writeFile(path.join(folder, 'elsewhere.jsonl'), '');
    await rm(`${features}.run/images.jsonl`);
    await symlink(path.join(folder, 'elsewhere.jsonl'), `${features}.run/images.jsonl`);
    expect(() => openExtraction(features, identity, false)).toThrow(/images\.jsonl: expected .*got a symbolic link/);
  });

  it('refuses a damaged log, naming the line', async () => {
    const features = path.join(await tempFolder(), 'f.npy');
    openExtraction(features, identity, false).close();
    await writeFile(`${features}.run/images.jsonl`, '{"image":-1}\n');
    expect(() => openExtraction(features, identity, false)).toThrow(/images\.jsonl:1: expected a line of this run/);
  });

  it('refuses a log of which a number was edited, or that another run wrote', async () => {
    const features = path.join(await tempFolder(), 'f.npy');
    const log = `${features}.run/images.jsonl`;
    const first = openExtraction(features, identity, false);
    first.append(entry);
    first.close();
    const written = await readFile(log, 'utf8');
    await writeFile(log, written.replace('"score":1', '"score":0.4'));
    expect(() => openExtraction(features, identity, false)).toThrow(/images\.jsonl:1: .*edited.*--fresh/);
    const elsewhere = path.join(await tempFolder(), 'g.npy');
    openExtraction(elsewhere, { ...identity, settings: { landmarks: 'detected' } }, false).close();
    await writeFile(`${elsewhere}.run/images.jsonl`, written);
    const other = { ...identity, settings: { landmarks: 'detected' } };
    expect(() => openExtraction(elsewhere, other, false)).toThrow(/brought from another run/);
  });

  it('believes what lies beside features of those features alone', async () => {
    const features = path.join(await tempFolder(), 'f.npy');
    await writeFile(features, 'abc');
    // SHA-256 of "abc" and of "", FIPS 180-2, appendix B.1, and RFC 6234.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const about = { ...identity, ...outcome, featuresSha256: abc, flippedSha256: empty };
    await expect(assertOwnFeatures(features, about)).resolves.toBeUndefined();
    await writeFile(extractionFiles(features).flipped, '');
    await expect(assertOwnFeatures(features, about)).resolves.toBeUndefined();
    await writeFile(features, 'abd');
    await expect(assertOwnFeatures(features, about)).rejects.toThrow(
      /f\.npy: expected the features of which .*f\.json tells/,
    );
    await writeFile(features, 'abc');
    await writeFile(extractionFiles(features).flipped, 'x');
    await expect(assertOwnFeatures(features, about)).rejects.toThrow(/f-flip\.npy: expected the features/);
  });
});

describe('extractFeatures over a pool', () => {
  it('names in what lies beside the features how many images machines did that differ', async () => {
    const features = path.join(await tempFolder(), 'f.npy');
    const names = ['a', 'b', 'c'];
    const images = names.map((name) => ({ file: path.join(path.dirname(features), name) }));
    for (const { file } of images) await writeFile(file, file);
    const points = new Float32Array(10);
    const options: ExtractOptions = {
      names,
      images,
      identity: {
        code: extractionBuild(),
        embedder: { id: 'e', sha256: 'a', cardSha256: 'c' },
        backend: { id: 'ort-node', version: '1' },
        runtimes: {},
        settings: {},
        images: { count: 3, listSha256: 'b' },
      },
      features,
      // The pool asks no model.
      embedder: {} as ExtractOptions['embedder'],
      crop: arcface,
      backend: 'ort-node',
      threads: 1,
      workers: 1,
      flip: false,
      fresh: false,
      onImages: () => undefined,
      pool: async ({ tasks, onResult }) => {
        for (const [group, task] of tasks.entries()) {
          const results = task.images.map(({ file }, i) => ({
            reading: { sha256: createHash('sha256').update(file).digest('hex') },
            face: { points, score: 1, source: 'detected' as const, feature: Float32Array.of(i, 1) },
            ...(i === 1 ? {} : { madeBy: ['cpu: arm64 here, x64 asked for'] }),
          }));
          onResult(group, results);
        }
      },
    };
    // The first and the third of three.
    const otherMachines = [{ differs: ['cpu: arm64 here, x64 asked for'], images: 2 }];
    expect(await extractFeatures(options)).toMatchObject({ otherMachines });
    expect(readExtraction(features)).toMatchObject({ otherMachines });
    // Features that are there already say it, too.
    expect(await extractFeatures(options)).toMatchObject({ otherMachines, resumed: { images: 3 } });
  });
});

describe.skipIf(sharedIsAbsent('datasets/lfw') || sharedIsAbsent('models/mobilefacenet-128d.onnx'))(
  'extractFeatures on photographs (needs the shared data folder)',
  () => {
    const names = [
      'Aaron_Peirsol/Aaron_Peirsol_0001.jpg',
      'Aaron_Peirsol/Aaron_Peirsol_0002.jpg',
      'Al_Gore/Al_Gore_0001.jpg',
    ];

    async function optionsFor(features: string, images = names): Promise<ExtractOptions> {
      const folders = { cacheFolder: await tempFolder(), sharedFolder };
      const embedder = await resolveModel('mobilefacenet-128d', folders);
      const detector = await resolveModel('scrfd-500m', folders);
      return {
        names: images,
        images: images.map((name) => ({ file: path.join(sharedFolder, 'datasets/lfw/images', name) })),
        identity: {
          code: extractionBuild(),
          embedder: { id: embedder.card.id, sha256: embedder.card.sha256, cardSha256: 'c' },
          backend: { id: 'ort-node', version: '1' },
          runtimes: {},
          settings: {},
          images: { count: images.length, listSha256: 'c' },
        },
        features,
        detector: { ...detector, asked: {} },
        embedder,
        crop: arcface,
        backend: 'ort-node',
        threads: 1,
        workers: 1,
        flip: true,
        fresh: false,
        onImages: () => undefined,
      };
    }

    it('finds, aligns and embeds: two photographs of one person are nearer than two persons', async () => {
      const features = path.join(await tempFolder(), 'f.npy');
      const options = await optionsFor(features);
      const result = await extractFeatures(options);
      expect(result).toMatchObject({ images: 3, facesNotFound: 0, changed: 0 });
      expect(result.resumed).toBeUndefined();
      const files = extractionFiles(features);
      expect((await readPoints(files.points, names)).scores.every((score) => score > 0.5)).toBe(true);
      expect(readExtraction(features)).toMatchObject({ facesNotFound: 0 });
      expect(existsSync(`${features}.run`)).toBe(false);
      const npy = await openNpy(files.features);
      const values = new Float64Array(3 * 128);
      await npy.readInto(0, values);
      await npy.close();
      const row = (i: number) => values.subarray(i * 128, (i + 1) * 128);
      const cosine = (a: Float64Array, b: Float64Array) => {
        const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      };
      expect(cosine(row(0), row(1))).toBeGreaterThan(0.4);
      expect(cosine(row(0), row(2))).toBeLessThan(0.3);

      const { extracted } = readExtraction(features)!;
      expect(await extractFeatures(options)).toMatchObject({ resumed: { images: 3, ...extracted }, changed: 0 });
    });

    it('names an image that cannot be decoded, keeps the others, and goes on once it is fixed', async () => {
      const folder = await tempFolder();
      const features = path.join(folder, 'f.npy');
      const options = await optionsFor(features);
      const broken = path.join(folder, 'broken.jpg');
      await writeFile(broken, 'not an image');
      const images = [{ file: broken }, ...options.images.slice(1)];
      await expect(extractFeatures({ ...options, images })).rejects.toThrow(DatasetError);
      await expect(extractFeatures({ ...options, images })).rejects.toThrow(
        `1 of 3 images could not be extracted, the others are kept: ${names[0]}`,
      );
      expect(existsSync(features)).toBe(false);
      await writeFile(broken, await readFile(options.images[0].file));
      await rename(`${features}.run/features.npy`, `${features}.run/aside`);
      await expect(extractFeatures({ ...options, images })).rejects.toThrow('of 2 finished images, got no file');
      await rename(`${features}.run/aside`, `${features}.run/features.npy`);
      expect(await extractFeatures({ ...options, images })).toMatchObject({ resumed: { images: 2 }, images: 3 });
    });

    it('extracts again what has other bytes, in a run under way and of finished features; touching is no change', async () => {
      const folder = await tempFolder();
      const features = path.join(folder, 'f.npy');
      const options = await optionsFor(features);
      const images = await Promise.all(
        options.images.map(async ({ file }, index) => {
          const copy = path.join(folder, `${index}.jpg`);
          await writeFile(copy, await readFile(file));
          return { file: copy };
        }),
      );
      const photograph = await readFile(images[2].file);
      const rowOf = async (index: number): Promise<number[]> => {
        const npy = await openNpy(features);
        const values = new Float64Array(3 * 128);
        await npy.readInto(0, values);
        await npy.close();
        return [...values.subarray(index * 128, index * 128 + 128)];
      };
      // Interrupted: one image is not to be decoded yet, another one is replaced before the run goes on.
      await writeFile(images[2].file, 'not an image');
      await expect(extractFeatures({ ...options, images })).rejects.toThrow('the others are kept');
      await writeFile(images[2].file, photograph);
      await writeFile(images[0].file, photograph);
      await writeFile(images[1].file, await readFile(images[1].file));
      const first = await extractFeatures({ ...options, images });
      expect(first).toMatchObject({ resumed: { images: 1 }, changed: 1 });
      expect(await rowOf(0)).toEqual(await rowOf(2));
      const about = readExtraction(features)!;
      await writeFile(images[1].file, await readFile(images[1].file));
      expect(await extractFeatures({ ...options, images })).toMatchObject({ resumed: { images: 3 } });
      expect(readExtraction(features)).toEqual(about);
      await writeFile(images[1].file, photograph);
      expect((await extractFeatures({ ...options, images })).resumed).toBeUndefined();
      expect(await rowOf(1)).toEqual(await rowOf(2));
      expect(readExtraction(features)?.imagesSha256).not.toBe(about.imagesSha256);
    });
  },
);
