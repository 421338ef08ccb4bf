import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { runId, sealLine } from '@retinabench/files';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { extractionFiles, isSameExtraction } from '../../src/extract/extraction.js';
import { openExtraction } from '../../src/extract/extraction-run.js';
import { type ExtractionAbout, imageFile, readExtraction } from '../../src/index.js';

const { facesNotFound, imagesSha256, featuresSha256, extracted, ...identity }: ExtractionAbout = {
  code: { version: '1.0.0', sha256: 'f' },
  detector: { id: 'd', sha256: 'a', cardSha256: 'd' },
  embedder: { id: 'e', sha256: 'b', cardSha256: 'e' },
  backend: { id: 'ort-node', version: '1' },
  runtimes: { libvips: '8.18.7' },
  settings: { landmarks: 'detected', mirrored: true, shortSidesPx: [1, 2] },
  images: { count: 2, listSha256: 'c' },
  facesNotFound: 0,
  imagesSha256: 'g',
  featuresSha256: 'h',
  extracted: { earliest: '2026-11-29T12:00:00.000Z', latest: '2026-11-29T12:00:01.000Z' },
};

let folder: string;
let features: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'eval-ijbc-fuzz-'));
  features = path.join(folder, 'features.npy');
  mkdirSync(`${features}.run`);
  writeFileSync(features, '');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('extractions under fuzzing', () => {
  it('readExtraction gives what made the features, nothing, or DatasetError', async () => {
    await fuzzParser({
      name: 'extraction, finished',
      inputs: mutatedJson([{ ...identity, facesNotFound, imagesSha256, featuresSha256, extracted }]),
      parse: (json) => {
        writeFileSync(extractionFiles(features).about, json);
        const about = readExtraction(features);
        return about === undefined ? false : isSameExtraction(about, identity);
      },
      errors: [DatasetError],
      get place() {
        return folder;
      },
      seed: 405,
      runs: fuzzRuns(250),
    });
  });

  it('openExtraction gives the run of the same identity or DatasetError', async () => {
    // Features without what says whose they are would be refused.
    rmSync(features);
    const image = {
      ...{ image: 0, points: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], score: 0.5, source: 'detected' },
      ...{ sha256: '0'.repeat(64), extractedAt: '2026-11-29T12:00:00.000Z' },
    };
    await fuzzParser({
      name: 'extraction, under way',
      inputs: fc.tuple(
        fc.oneof({ weight: 2, arbitrary: fc.constant(JSON.stringify(identity)) }, mutatedJson([identity])),
        mutatedJson([image]),
      ),
      parse: ([run, log]) => {
        writeFileSync(path.join(`${features}.run`, 'run.json'), run);
        // With the right seal, so that what is behind it is reached.
        const line = log.length > 2 && log.endsWith('}') ? sealLine(log, runId(identity)) : log;
        writeFileSync(path.join(`${features}.run`, 'images.jsonl'), `${line}\n`);
        openExtraction(features, identity, false).close();
      },
      errors: [DatasetError],
      get place() {
        return folder;
      },
      seed: 406,
      runs: fuzzRuns(250),
      sizeOf: ([run, log]) => run.length + log.length,
    });
  });

  it('names a run.json that is nested a million deep', () => {
    writeFileSync(path.join(`${features}.run`, 'run.json'), `{"settings":${'['.repeat(1e6)}${']'.repeat(1e6)}}`);
    expect(() => openExtraction(features, identity, false)).toThrow(/run\.json: not the identity of an extraction: /);
  });
});

describe('imageFile', () => {
  it.each([
    '../x.jpg',
    'a/../../x.jpg',
    '/etc/passwd',
    'C:\\x.jpg',
    'c:x.jpg',
    'a\\..\\x.jpg',
    'a\0.jpg',
    './x.jpg',
    'a//b.jpg',
    '',
    'x'.repeat(5000),
  ])('refuses %j, naming the line of the list', (name) => {
    expect(() => imageFile(folder, name, 'list.txt:7')).toThrow(DatasetError);
    expect(() => imageFile(folder, name, 'list.txt:7')).toThrow(/^list\.txt:7: expected the name of an image below /);
  });

  it.each(['1.jpg', 'img/1.png', 'Ann_Müller/Ann_Müller_0001.jpg', 'a b/..c.jpg', 'con.jpg'])(
    'takes %j below the folder',
    (name) => {
      expect(imageFile(folder, name, 'list.txt:7')).toBe(path.join(folder, name));
    },
  );
});
