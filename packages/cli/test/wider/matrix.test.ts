import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini } from '@retinabench/datasets';
import { pairedDifference, parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'wider-matrix-'));
const results = path.join(root, 'results/wider');
let mini: string;

beforeAll(async () => {
  mini = await ensureMini({ cacheDir: path.join(root, 'cache') });
  mkdirSync(results, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), RETINABENCH_DATA: '' };
  return spawnSync(process.execPath, [program, ...args], { cwd: root, env, encoding: 'utf8' });
}

const recordOf = (file: string): ResultRecord => parseRecord(readFileSync(path.join(results, file), 'utf8'), file);

describe('wider all with lists', () => {
  test('every combination has its record, the matrix holds their numbers, differences are paired, a failing one loses none', () => {
    const lists = ['--model', 'face-api-tiny,no-such-model', '--scale', 'long:128,128+320'];
    const { status, stdout, stderr } = run('wider', 'all', ...lists, '--sample', '6', '--report', 'page.html');
    expect(status).toBe(2);
    expect(stderr).toMatch(/failed: no-such-model \/ long:128: /);
    // What holds for all combinations is said once, not beside each.
    expect(stderr.match(/^data set: the embedded mini set/gm)).toHaveLength(1);
    expect(stdout).toMatch(/--sample: 6 of \d+ images at random \(seed 1\), each of \d+ folders with its share\./);
    expect(stdout).toMatch(/face-api-tiny +ort-node +long:128\+320 +ap\.easy/);
    const files = readdirSync(results).filter((file) => file.endsWith('.json'));
    const records = files.map(recordOf);
    const matrix = records.find(({ kind }) => kind === 'matrix')?.matrix ?? [];
    const cells = records.filter(({ kind }) => kind === 'wider');
    expect(matrix.map(({ scale, error }) => [scale, error !== undefined])).toEqual([
      ['long:128', false],
      ['long:128+320', false],
      ['long:128', true],
      ['long:128+320', true],
    ]);
    const [first, second] = ['long:128', 'long:128+320'].map((scale) =>
      cells.find(({ protocol }) => protocol.scale === scale),
    );
    expect(matrix[0].recordSha256).toBe(first?.contentSha256);
    expect(matrix[1].values).toEqual({
      'ap.easy': second?.ap?.easy,
      'ap.medium': second?.ap?.medium,
      'ap.hard': second?.ap?.hard,
    });
    if (first === undefined || second === undefined) throw new Error('expected a record of each size');
    // The detector is what differs; for the pairing both stand under one protocol.
    const paired = pairedDifference(first, { ...second, protocol: first.protocol });
    expect(matrix[1].difference?.['ap.hard'].interval).toEqual(paired.hard?.interval);
    expect(matrix[1].detectMs?.images).toBe(6);
    expect(readFileSync(path.join(root, 'page.html'), 'utf8')).toContain('long:128+320');
  });

  test('its run folder is what wider score takes, and gives the AP of its record', () => {
    const folder = readdirSync(results, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? '';
    expect(existsSync(path.join(results, folder, '.retinabench'))).toBe(true);
    const args = ['--pred', path.join(results, folder), '--data', mini, '--images', 'present', '--json'];
    const { stdout } = run('wider', 'score', ...args);
    const scored = JSON.parse(stdout) as ResultRecord;
    const aps = readdirSync(results)
      .filter((file) => file.startsWith('face-api-tiny') && file.endsWith('.json'))
      .map((file) => recordOf(file).ap);
    expect(aps).toContainEqual(scored.ap);
    expect(scored.dataset?.images).toBe(6);
  });

  test.each([
    [['--sample', '2', '--limit', '2'], /--sample and --limit: both say how many images; keep one/],
    [['--sample', '100000'], /--sample: expected at most the \d+ images that there are, got 100000/],
    [['--sample-seed', '3'], /--sample-seed: nothing is drawn without --sample/],
    [['--scale', 'short:1600,2150,640'], /follows short:1600,2150, which takes no further number/],
    [['--model', 'a,a'], /each once, got a twice/],
  ])('%j ends with exit code 2', (flags, message) => {
    const { status, stderr } = run('wider', 'hard', ...flags);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test('another seed draws other images, the same seed the same, and the digest of the data set says so', () => {
    const digestOf = (seed: string): string | undefined => {
      const { stdout } = run(
        'wider',
        'hard',
        '--model',
        'face-api-tiny',
        '--scale',
        'long:128',
        '--sample',
        '3',
        '--sample-seed',
        seed,
        '--json',
      );
      return (JSON.parse(stdout) as ResultRecord).dataset?.imagesSha256;
    };
    const [one, two, again] = [digestOf('1'), digestOf('2'), digestOf('1')];
    expect(one).not.toBe(two);
    expect(again).toBe(one);
  });
});
