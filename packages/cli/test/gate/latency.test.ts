import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTimes } from '../../src/gate/latency/parse-times.js';

describe('parseTimes', () => {
  const parse = (stdout: string) => Object.fromEntries(parseTimes(stdout, 'command'));

  it('takes the 10 % quantile of a list, as the total', () => {
    // position 0.1 x 10 = 1 of the sorted eleven.
    expect(parse('[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]')).toEqual({ total: 2 });
  });

  it('takes stages of an object or of a record, by p10 or else by median', () => {
    expect(parse('{"infer": [3], "decode": 1}')).toEqual({ infer: 3, decode: 1 });
    expect(
      parse('{"kind": "latency", "latencyMs": {"total": {"median": 5}, "infer": {"p10": 2, "median": 3}}}'),
    ).toEqual({ total: 5, infer: 2 });
  });

  it('takes the last line where the command prints others first', () => {
    expect(parse('loading\n[4]\n')).toEqual({ total: 4 });
  });

  it.each(['', 'ready', '{}', '[]', '[0]', '[-1]', '[1, "2"]', '{"total": null}', '{"total": {"mean": 1}}', 'null'])(
    'rejects %j',
    (stdout) => {
      expect(() => parseTimes(stdout, 'command')).toThrow(DatasetError);
    },
  );
});

describe('retinabench gate --latency-command', () => {
  const main = path.resolve(import.meta.dirname, '../../dist/main.js');
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-latency-'));
    writeFileSync(path.join(folder, 'work.sh'), 'echo "[$1.1, $1.2, $1.3]"\n');
    writeFileSync(path.join(folder, 'gates.json'), '{ "latency.infer": "error" }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function gate(...args: string[]) {
    return spawnSync(process.execPath, [main, 'gate', '--quiet', ...args], { cwd: folder, encoding: 'utf8' });
  }

  it('passes a command against itself and fails a planted slowdown, with every number in the JSON', () => {
    const against = ['--against', 'sh work.sh 20', '--json'];
    const same = gate('--latency-command', 'sh work.sh 20', ...against);
    expect([same.status, JSON.parse(same.stdout).verdict]).toEqual([0, 'pass']);
    const slower = gate('--latency-command', 'sh work.sh 22', ...against);
    expect(slower.status).toBe(1);
    const [result] = JSON.parse(slower.stdout).results;
    // 22.12 / 20.12 - 1, the 10 % quantiles of both lists.
    expect(result).toMatchObject({ rule: 'latency.total', verdict: 'fail', values: { pairs: 12 } });
    expect(result.values.change).toBeCloseTo(22.12 / 20.12 - 1, 9);
  });

  it.each([
    ['a tail', (i: number) => (i % 10 === 5 ? 45 : 20), 'latency.total.p95'],
    ['a few that take very long', (i: number) => (i === 7 ? 200 : 20), 'latency.total.mean'],
    ['a slow first run', (i: number) => (i === 0 ? 400 : 20), 'start.firstRun'],
  ])('fails a head of %s, which the low end of its times does not show', (_, ms, rule) => {
    const list = (of: (i: number) => number) => JSON.stringify(Array.from({ length: 30 }, (__, i) => of(i) + i / 1000));
    const { status, stdout } = gate(
      '--latency-command',
      `echo '${list(ms)}'`,
      '--against',
      `echo '${list(() => 20)}'`,
      '--json',
      '--max-pairs',
      '12',
    );
    const { results } = JSON.parse(stdout);
    const failed = results.filter(({ verdict }: { verdict: string }) => verdict === 'fail');
    expect([status, failed.map((result: { rule: string }) => result.rule)]).toEqual([1, [rule]]);
    expect(results[0]).toMatchObject({ rule: 'latency.total', verdict: 'pass' });
  });

  it('fails a head that finds no face, with both numbers', () => {
    const found = (faces: number) => `echo '{"total": [20, 20.1, 20.2], "faces": ${faces}}'`;
    const { status, stdout } = gate('--latency-command', found(0), '--against', found(12), '--max-pairs', '12');
    expect(status).toBe(1);
    expect(stdout).toMatch(/12 faces in the base, 0 faces in the head/);
  });

  it('exits 2 without --against, with two comparisons, and on output that is no times', () => {
    expect(gate('--latency-command', 'sh work.sh 20').status).toBe(2);
    expect(gate('--latency-command', 'a', '--against', 'b', '--latency-models', 'a,b').status).toBe(2);
    expect(gate('--latency-models', 'a').status).toBe(2);
    const { status, stderr } = gate('--latency-command', 'echo fast', '--against', 'echo fast');
    expect(status).toBe(2);
    expect(stderr).toMatch(/echo fast: expected times as JSON/);
  });

  it('exits 2 where the rules leave nothing to measure, naming their file and a rule to add', () => {
    writeFileSync(path.join(folder, 'ap-only.json'), '{ "ap.hard": "error" }');
    const commands = ['--latency-command', 'sh work.sh 20', '--against', 'sh work.sh 20'];
    const { status, stderr } = gate(...commands, '--config', 'ap-only.json');
    expect(status).toBe(2);
    expect(stderr).toMatch(/ap-only\.json: expected a rule on latency.*"latency\.total": \["error"/);
  });

  it('exits 3 when a command fails or the base is no revision, and names it', () => {
    const { status, stderr } = gate('--latency-command', 'exit 4', '--against', 'exit 4');
    expect(status).toBe(3);
    expect(stderr).toMatch(/exit 4: expected exit code 0, got 4/);
    const checkout = path.resolve(import.meta.dirname, '../../../..');
    const { status: unknown } = spawnSync(process.execPath, [main, 'gate', '--latency', 'no-such-revision'], {
      cwd: checkout,
    });
    expect(unknown).toBe(3);
  });

  it('fails a stage that a rule names and the commands do not report', () => {
    const args = ['--latency-command', 'sh work.sh 20', '--against', 'sh work.sh 20', '--config', 'gates.json'];
    const { status, stdout } = gate(...args);
    expect(status).toBe(1);
    expect(stdout).toMatch(/times of infer/);
  });
});
