import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { protocolId } from '@retinabench/results';
import { afterAll, beforeAll, expect, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-compare-'));
  write('a', 0.74, { rules: 'python', scale: 'original', nmsIou: 0.4 });
  write('b', 0.7, { rules: 'python', scale: 'original', nmsIou: 0.4 });
  write('nms', 0.7, { rules: 'python', scale: 'original', nmsIou: 0.45 });
  write('rules', 0.7, { rules: 'matlab', scale: 'original', nmsIou: 0.4 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(id: string, hard: number, settings: Record<string, string | number>): void {
  const record = {
    schemaVersion: 1,
    kind: 'wider',
    createdAt: '2026-01-02T03:04:05.000Z',
    model: { id, bytes: id === 'a' ? 1000 : 500 },
    dataset: { name: 'wider', images: 4, sha256: 'a'.repeat(64) },
    protocol: { id: protocolId(settings), ...settings },
    environment: { cpu: 'c', cores: 2, memoryBytes: 1, os: 'linux 6 x64', node: 'v20', packageVersions: {} },
    ap: { easy: 0.9, medium: 0.88, hard },
  };
  writeFileSync(path.join(folder, `${id}.json`), JSON.stringify(record));
}

const compare = (...args: string[]) =>
  spawnSync(process.execPath, [main, 'compare', ...args], { cwd: folder, encoding: 'utf8' });

test('prints the numbers that differ, and how many are the same', () => {
  const { status, stdout } = compare('a.json', 'b.json');
  expect(status).toBe(0);
  expect(stdout).toMatch(/ap\.hard +74\.00 % +70\.00 % +−4\.00 +worse/);
  expect(stdout).toMatch(/size\.bytes +1,000 +500 +−50\.0 % +better/);
  expect(stdout).toContain('2 of 4 numbers are the same; --all shows them');
  expect(stdout).not.toMatch(/ap\.easy +9/);
});

test('--json has all numbers', () => {
  const { status, stdout } = compare('a.json', 'b.json', '--json');
  expect(status).toBe(0);
  const { numbers, baseline } = JSON.parse(stdout);
  expect(baseline).toMatchObject({ file: 'a.json', model: 'a' });
  expect(numbers).toHaveLength(4);
  expect(numbers.find(({ key }: { key: string }) => key === 'ap.hard').difference).toBeCloseTo(-0.04, 12);
});

test('refuses two protocols, with what differs', () => {
  const { status, stderr } = compare('a.json', 'rules.json');
  expect(status).toBe(2);
  expect(stderr).toContain('rules.json does not compare with a.json: another protocol: rules python -> matlab');
  expect(compare('a.json', 'rules.json', '--as-detectors').status).toBe(2);
});

test('compares detectors as wholes where that is asked for, and names what differs', () => {
  const refused = compare('a.json', 'nms.json');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('nmsIou 0.4 -> 0.45; --as-detectors compares the two detectors as wholes');
  const { status, stdout } = compare('a.json', 'nms.json', '--as-detectors');
  expect(status).toBe(0);
  expect(stdout).toContain('detectors compared as wholes: nmsIou 0.4 -> 0.45');
});
