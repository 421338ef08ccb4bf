import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { fuzzParser } from '../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../tools/fuzz/fuzz-runs.js';
import { mutatedJson } from '../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../tools/fuzz/mutated-text.js';
import { parseAnnotatedImages } from '../../src/check/annotated-images.js';
import { readReceipt, receiptName } from '../../src/check/receipt.js';
import { readPin } from '../../src/download/pins.js';
import { findManifest, knownDatasets } from '../../src/manifest/find.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { lfwVerificationFiles } from '../../src/pull/lfw-pairs.js';

const manifests = await Promise.all(knownDatasets.map((name) => findManifest(name)));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'datasets-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what comes with data sets, under fuzzing', () => {
  it('parseManifest gives a manifest or DatasetError for mutated values', async () => {
    await fuzzParser({
      name: 'manifest, values',
      inputs: mutatedJson(manifests),
      parse: (json) => parseManifest(json, 'm.json'),
      errors: [DatasetError],
      place: 'm.json',
      seed: 801,
      runs: fuzzRuns(),
    });
  });

  it('parseAnnotatedImages gives names or DatasetError for mutated JSON', async () => {
    await fuzzParser({
      name: 'annotated images, JSON',
      inputs: mutatedJson([{ version: 1, images: [{ name: '0--A/a', faces: [] }, { name: '0--A/b' }] }]),
      parse: (json) => parseAnnotatedImages('gt.json', json),
      errors: [DatasetError],
      place: 'gt.json',
      seed: 802,
      runs: fuzzRuns(),
    });
  });

  it('parseAnnotatedImages gives names for any text, since other lines are passed over', async () => {
    for (const [name, text] of [
      ['gt.txt', '0--A/a.jpg\n1\n1 2 3 4 0 0 0 0 0 0\n0--A/b c.jpg\r\n0\n'],
      ['x_face_tid_mid.txt', 'Ann/1.jpg 1 1\n\n2.jpg 2 2'],
    ]) {
      await fuzzParser({
        name: `annotated images, ${name}`,
        inputs: mutatedText([text]),
        parse: (content) => parseAnnotatedImages(name, content),
        errors: [DatasetError],
        place: name,
        refusesNothing: true,
        seed: 803,
        runs: fuzzRuns(),
      });
    }
  });

  it('lfwVerificationFiles gives lists or DatasetError for mutated pairs', async () => {
    await fuzzParser({
      name: 'LFW pairs',
      inputs: mutatedText([
        '1\t1\nAnn\t1\t2\nAnn\t1\tBob\t1\n',
        '2\t1\nAnn\t1\t2\nBob\t3\t4\nAnn\t1\tBob\t1\nAnn\t2\tBob\t3\n',
      ]),
      parse: lfwVerificationFiles,
      errors: [DatasetError],
      place: '',
      seed: 804,
      runs: fuzzRuns(),
    });
  });

  it('readPin gives a pin or DatasetError for mutated files', async () => {
    await fuzzParser({
      name: 'pins',
      inputs: mutatedJson([{ sha256: 'a'.repeat(64), sizeBytes: 3, url: 'https://example.org/x' }]),
      parse: (json) => {
        writeFileSync(path.join(folder, 'x.json'), json);
        return readPin(folder, 'x');
      },
      errors: [DatasetError],
      get place() {
        return folder;
      },
      seed: 805,
      runs: fuzzRuns(300),
    });
  });

  it('readReceipt gives a receipt or nothing for mutated files', async () => {
    const receipt = { name: 'lfw', pulledAt: '2026', licence: 'research', files: [] };
    await fuzzParser({
      name: 'receipts',
      inputs: mutatedJson([receipt]),
      parse: (json) => {
        writeFileSync(path.join(folder, receiptName), json);
        return readReceipt(folder);
      },
      errors: [DatasetError],
      place: '',
      refusesNothing: true,
      seed: 806,
      runs: fuzzRuns(300),
    });
  });
});
