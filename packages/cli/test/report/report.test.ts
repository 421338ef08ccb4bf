import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { protocolId } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
let folder: string;

beforeAll(() => {
  const packageRoot = path.resolve(import.meta.dirname, '../../../report');
  execFileSync('npm', ['run', '--silent', 'bundle'], { cwd: packageRoot, stdio: 'ignore' });
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-report-'));
  for (const [name, hard] of [
    ['a', 0.74],
    ['b', 0.7],
  ] as const) {
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(record(name, hard)));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function record(id: string, hard: number) {
  const settings = { rules: 'python' };
  return {
    schemaVersion: 1,
    kind: 'wider',
    createdAt: '2026-01-02T03:04:05.000Z',
    model: { id },
    dataset: { name: 'wider', images: 4, sha256: 'a'.repeat(64) },
    protocol: { id: protocolId(settings), ...settings },
    environment: { cpu: 'c', cores: 2, memoryBytes: 1, os: 'linux 6 x64', node: 'v20', packageVersions: {} },
    ap: { easy: 0.9, medium: 0.88, hard },
  };
}

function report(...args: string[]) {
  return spawnSync(process.execPath, [main, 'report', ...args], { cwd: folder, encoding: 'utf8' });
}

describe('retinabench report', () => {
  it('writes one page that holds every record', () => {
    const { status, stdout } = report('a.json', 'b.json', '--out', 'deep/page.html', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ file: 'deep/page.html', records: 2 });
    const html = readFileSync(path.join(folder, 'deep/page.html'), 'utf8');
    const data = JSON.parse(/id="page-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
    expect(data.records.map(({ label }: { label: string }) => label)).toEqual(['a', 'b']);
    expect(data.records[1].compared.map(({ mark }: { mark: string }) => mark)).toEqual(['same', 'same', 'worse']);
  });

  it('puts the chosen baseline first, once', () => {
    expect(report('a.json', 'b.json', '--baseline', 'b.json').status).toBe(0);
    const html = readFileSync(path.join(folder, 'results/report.html'), 'utf8');
    expect(html.match(/"label":"\w"/g)).toEqual(['"label":"b"', '"label":"a"']);
  });

  it('exits 2 on what is not a record, and writes nothing', () => {
    writeFileSync(path.join(folder, 'bad.json'), '{}');
    const { status, stderr } = report('a.json', 'bad.json', '--out', 'bad.html');
    expect(status).toBe(2);
    expect(stderr).toMatch(/bad\.json: not a result record/);
    expect(existsSync(path.join(folder, 'bad.html'))).toBe(false);
    expect(report().status).toBe(2);
  });

  it('exits 2 when the page would replace a folder', () => {
    mkdirSync(path.join(folder, 'taken'));
    expect(report('a.json', '--out', 'taken').status).toBe(2);
  });
});
