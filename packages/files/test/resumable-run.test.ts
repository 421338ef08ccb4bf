import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openResumableRun, type ResumableRun, type ResumableRunOptions } from '../src/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: Partial<ResumableRunOptions<unknown>> = {}): ResumableRun<unknown> {
  return openResumableRun({
    files: {
      folder: path.join(folder, 'run'),
      identity: path.join(folder, 'run', 'run.json'),
      log: path.join(folder, 'run', 'log.jsonl'),
      digests: path.join(folder, 'run', 'images.jsonl'),
    },
    identity: { model: 'a' },
    parse: (value) => value,
    prepare: () => undefined,
    place: 'the run',
    advice: 'choose another folder',
    ...options,
  });
}

describe('openResumableRun', () => {
  test('goes on with what an earlier run appended, and holds the folder until it is closed', () => {
    const run = open();
    run.log.append({ image: 1 });
    expect(() => open()).toThrow(EnvironmentError);
    run.close();
    const next = open();
    expect(next.log.entries).toEqual([{ image: 1 }]);
    next.close();
  });

  test('writes the identity down before any work is done', () => {
    open().close();
    expect(JSON.parse(readFileSync(path.join(folder, 'run', 'run.json'), 'utf8'))).toEqual({ model: 'a' });
  });

  test('leaves identity and log as they are, and gives the folder back, where prepare refuses', () => {
    const run = open();
    run.log.append({ image: 1 });
    run.close();
    const refuse = (): never => {
      throw new DatasetError('another run');
    };
    expect(() => open({ identity: { model: 'b' }, prepare: refuse })).toThrow('another run');
    const next = open();
    expect(next.log.entries).toEqual([{ image: 1 }]);
    next.close();
  });

  test('refuses the log of another identity', () => {
    const run = open();
    run.log.append({ image: 1 });
    run.close();
    expect(() => open({ identity: { model: 'b' } })).toThrow(/log\.jsonl:1: .*brought from another run/);
  });

  test('names the run and the advice where it cannot be written', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const files = {
      folder: path.join(folder, 'run'),
      identity: path.join(file, 'run.json'),
      log: path.join(folder, 'run', 'log.jsonl'),
      digests: path.join(folder, 'run', 'images.jsonl'),
    };
    expect(() => open({ files })).toThrow(/^the run: cannot write \(.*\); choose another folder$/);
    expect(() => open({ files })).toThrow(EnvironmentError);
  });
});
