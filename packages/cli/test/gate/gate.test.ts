import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateRecord } from './gate-record.js';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-gate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function retinabench(args: string[], env: Record<string, string> = {}) {
  const clean = { ...process.env, GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITHUB_ACTOR: '', ...env };
  return spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', env: clean });
}

/** The exit code of a process that runs beside others. */
function retinabenchLater(args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: 'ignore' });
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
}

function write(name: string, content: unknown): string {
  writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

describe('retinabench gate', () => {
  it('takes no fewer resamples than a verdict needs', () => {
    const { status, stderr } = retinabench(['gate', '--record', 'head.json', '--resamples', '199']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('expected a whole number of at least 200')]);
  });

  it('exits 0 on equal records and 1 on a drop, with the report as JSON on standard output', () => {
    const args = ['gate', '--baseline', write('base.json', gateRecord(0.74)), '--json', '--record'];
    expect(retinabench([...args, 'base.json']).status).toBe(0);
    const worse = retinabench([...args, write('worse.json', gateRecord(0.7))]);
    expect(worse.status).toBe(1);
    expect(JSON.parse(worse.stdout)).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(worse.stderr).toMatch(/gate: fail/);
  });

  it.each([
    ['another protocol', () => write('other.json', gateRecord(0.74, 'matlab')), /not comparable/],
    ['a truncated record', () => write('torn.json', JSON.stringify(gateRecord(0.74)).slice(0, 80)), /truncated/],
    ['a newer schema', () => write('new.json', { ...gateRecord(0.74), schemaVersion: 2 }), /schema version 2/],
    [
      'a record that is not there',
      () => 'absent.json',
      /absent\.json: expected the accepted record, got no such file; accept this one as the first/,
    ],
  ])('exits 2 and names %s', (_, make, message) => {
    const { status, stdout, stderr } = retinabench([
      'gate',
      '--baseline',
      make(),
      '--record',
      write('b.json', gateRecord(0.74)),
    ]);
    expect(status).toBe(2);
    expect(stdout + stderr).toMatch(message);
  });

  it('exits 2 on an unknown rule and on a missing flag', () => {
    const files = ['--baseline', write('b.json', gateRecord(0.74)), '--record', 'b.json'];
    const { status, stderr } = retinabench(['gate', ...files, '--config', write('g.json', { 'ap.hrad': 'error' })]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/ap\.hrad: no such rule/);
    expect(retinabench(['gate', '--record', 'b.json']).status).toBe(2);
    expect(retinabench(['gate', ...files, '--allow', 'everything']).status).toBe(2);
  });

  it('writes JUnit XML, and annotations and a step summary under GitHub Actions', () => {
    const args = [
      'gate',
      '--baseline',
      write('b.json', gateRecord(0.74)),
      '--record',
      write('w.json', gateRecord(0.7)),
    ];
    const { stderr } = retinabench([...args, '--junit', 'out/gate.xml'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
    });
    expect(stderr).toMatch(/^::error title=ap\.hard%3A fail::/m);
    expect(readFileSync(path.join(folder, 'summary.md'), 'utf8')).toMatch(/### ❌ Gate: fail/);
    expect(readFileSync(path.join(folder, 'out/gate.xml'), 'utf8')).toMatch(/<failure type="fail"/);
  });
});

describe('retinabench baseline', () => {
  it('writes the record for the gate and appends who, why and which commit to the history', () => {
    const file = write('r.json', gateRecord(0.74));
    const accept = (why: string) =>
      retinabench(['baseline', '--record', file, '--why', why, '--by', 'someone', '--commit', 'abcdef1']);
    expect(accept('first').status).toBe(0);
    expect(accept('second').status).toBe(0);
    const lines = readFileSync(path.join(folder, 'baselines/history.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { why: 'first', by: 'someone', commit: 'abcdef1', values: { 'ap.hard': 0.74 } },
      { why: 'second' },
    ]);
    const accepted = `baselines/wider-model-a-wider-aaaaaaaa-${gateRecord(0.74).protocol.id}.json`;
    expect(retinabench(['gate', '--baseline', accepted, '--record', file]).status).toBe(0);
  });

  it('gives baselines of two data sets two files', () => {
    const dataset = { name: 'own', images: 3, sha256: 'a'.repeat(64) };
    const files = ['a', 'b'].map((digit) =>
      write(`${digit}.json`, { ...gateRecord(0.74), dataset: { ...dataset, sha256: digit.repeat(64) } }),
    );
    const history = ['--history', 'two/history.jsonl', '--by', 'someone'];
    for (const file of files) expect(retinabench(['baseline', '--record', file, ...history]).status).toBe(0);
    const { id } = gateRecord(0.74).protocol;
    expect(readdirSync(path.join(folder, 'two')).sort()).toEqual([
      'history.jsonl',
      `wider-model-a-own-aaaaaaaa-${id}.json`,
      `wider-model-a-own-bbbbbbbb-${id}.json`,
    ]);
  });

  it('gives models whose names differ in signs, case or length alone two files', () => {
    const long = 'm'.repeat(60);
    const names = ['a b', 'a/b', 'a_b', 'A_b', `${long}1`, `${long}2`];
    for (const [index, id] of names.entries()) {
      const file = write(`${index}.json`, { ...gateRecord(0.74), model: { id } });
      expect(retinabench(['baseline', '--record', file, '--history', 'names/history.jsonl']).status).toBe(0);
    }
    // Whatever the case of the letters, as some disks have it; and the history.
    const files = readdirSync(path.join(folder, 'names')).map((name) => name.toLowerCase());
    expect(new Set(files).size).toBe(names.length + 1);
  });

  it('of several that accept at once some are refused, and the history stays whole', async () => {
    const file = write('r.json', gateRecord(0.74));
    const args = ['baseline', '--record', file, '--history', 'many/history.jsonl'];
    const codes = await Promise.all(Array.from({ length: 4 }, () => retinabenchLater(args)));
    expect(codes.every((code) => code === 0 || code === 3)).toBe(true);
    expect(retinabench(args).status).toBe(0);
    const lines = readFileSync(path.join(folder, 'many/history.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBe(codes.filter((code) => code === 0).length + 1);
  });

  it('leaves the history as it was where the baseline cannot be written, and files of another kind where they are', () => {
    const file = write('r.json', gateRecord(0.74));
    const args = ['baseline', '--record', file, '--history', 'kept/history.jsonl'];
    expect(retinabench(args).status).toBe(0);
    const history = readFileSync(path.join(folder, 'kept/history.jsonl'), 'utf8');
    write('notes.txt', 'precious');
    for (const out of ['notes.txt', 'kept/history.jsonl', 'kept']) {
      const { status, stderr } = retinabench([...args, '--out', out]);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^retinabench: (notes\.txt|kept\S*): /m)]);
    }
    expect(readFileSync(path.join(folder, 'kept/history.jsonl'), 'utf8')).toBe(history);
    expect(readFileSync(path.join(folder, 'notes.txt'), 'utf8')).toBe('precious');
  });

  it('refuses to append to a history that was changed', () => {
    const file = write('r.json', gateRecord(0.74));
    const history = ['--history', 'changed/history.jsonl', '--by', 'someone'];
    for (const why of ['first', 'second']) retinabench(['baseline', '--record', file, ...history, '--why', why]);
    const place = path.join(folder, 'changed/history.jsonl');
    writeFileSync(place, readFileSync(place, 'utf8').replace('first', 'worst'));
    const { status, stderr } = retinabench(['baseline', '--record', file, ...history]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/history\.jsonl:2: .*append-only/);
  });
});
