import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { logFileOf, parseRunIdentity, type RunIdentity } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';
import { runId, sealLine } from '@retinabench/files';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { mergeRuns, openRunFolder } from '../../src/index.js';
import { parseWiderEntry } from '../../src/predict/wider-entry.js';

const identity: RunIdentity = {
  code: { version: '1.0.0', sha256: 'd' },
  model: { id: 'm', sha256: 'a', cardSha256: 'c' },
  backend: { id: 'ort-node', version: '1' },
  runtimes: { libvips: '8.18.7' },
  settings: { scoreFloor: 0.02, shortSidesPx: [500, 800], flip: false, scale: 'original' },
  dataset: { name: 'mini', namesSha256: 'b' },
};
const image = (name: string): object => ({
  image: name,
  widthPx: 10,
  heightPx: 20,
  detections: [1, 2, 3, 4, 0.5],
  sha256: '0'.repeat(64),
  detectedAt: '2026-11-29T12:00:00.000Z',
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-fuzz-'));
  mkdirSync(path.join(folder, '.retinabench'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A log whose lines have the right seal, so that what is behind it is reached. */
function sealed(log: string): string {
  const lines = log.split('\n');
  return lines
    .map((line) => (line.length > 2 && line.endsWith('}') ? sealLine(line, runId(identity)) : line))
    .join('\n');
}

/** Merge the run folder that these two files make. */
function merge(run: string, log: string): unknown {
  writeFileSync(path.join(folder, '.retinabench', 'run.json'), run);
  writeFileSync(logFileOf(folder), sealed(log));
  return mergeRuns([folder]);
}

describe('run folders under fuzzing', () => {
  it('parseRunIdentity gives an identity or DatasetError for mutated values', async () => {
    await fuzzParser({
      name: 'run identity',
      inputs: mutatedJson([identity]),
      parse: (json) => parseRunIdentity(json, 'run.json'),
      errors: [DatasetError],
      place: 'run.json',
      seed: 211,
      runs: fuzzRuns(),
    });
  });

  it('parseWiderEntry gives an image or DatasetError for mutated values', async () => {
    await fuzzParser({
      name: 'resume log, values',
      inputs: mutatedJson([image('e/a'), { ...image('e/b'), detections: [] }, { image: 'e/c', forgotten: true }]),
      parse: (json) => parseWiderEntry(parseOrFail(json), 'detections.jsonl:1'),
      errors: [DatasetError],
      place: 'detections.jsonl',
      seed: 212,
      runs: fuzzRuns(),
    });
  });

  it('mergeRuns gives a run or DatasetError for mutated logs and shards', async () => {
    const log = `${JSON.stringify(image('e/a'))}\n${JSON.stringify(image('e/b'))}\n`;
    await fuzzParser({
      name: 'merged shards',
      inputs: fc.tuple(
        fc.oneof(
          { weight: 3, arbitrary: fc.constant(JSON.stringify(identity)) },
          mutatedText([JSON.stringify(identity)]),
        ),
        mutatedText([log]),
      ),
      parse: ([run, text]) => merge(run, text),
      errors: [DatasetError],
      get place() {
        return folder;
      },
      seed: 213,
      runs: fuzzRuns(500),
      sizeOf: ([run, text]) => run.length + text.length,
    });
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['a number', '7'],
    ['a list nested 50,000 deep', `{"model":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ])('a run.json that is %s is named, and not taken for a disk that cannot be written', (_, run) => {
    writeFileSync(path.join(folder, '.retinabench', 'run.json'), run);
    expect(() => openRunFolder(folder, identity, false)).toThrow(/run\.json: not the identity of a run: /);
    expect(() => mergeRuns([folder])).toThrow(DatasetError);
  });

  it.each(['../x', 'e/..', './x', 'e/.', 'e/a\0b', 'e\\..\\x/y', '/etc/passwd', 'e/f/g', 'e/'])(
    'an image of the name %j is no detected image, since its predictions would lie elsewhere',
    (name) => {
      expect(() => parseWiderEntry(image(name), 'log:1')).toThrow(/log:1: not a detected image: image/);
    },
  );
});

function parseOrFail(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
