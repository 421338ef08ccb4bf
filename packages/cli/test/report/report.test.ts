import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { protocolId } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';

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

  it('takes a baseline of each kind, and refuses two of one', () => {
    const { ap: _, dataset: __, ...times } = record('a', 0.7);
    const latency = { ...times, kind: 'latency', latencyMs: { total: { median: 9, p95: 9, mad: 1, n: 5 } } };
    writeFileSync(path.join(folder, 'times.json'), JSON.stringify(latency));
    writeFileSync(path.join(folder, 'more.json'), JSON.stringify({ ...latency, model: { id: 'b' } }));
    const two = report('a.json', 'more.json', '--baseline', 'b.json', '--baseline', 'times.json', '--out', 'two.html');
    expect(two.status).toBe(0);
    const data = JSON.parse(
      /id="page-data">(.*?)<\/script>/s.exec(readFileSync(path.join(folder, 'two.html'), 'utf8'))?.[1] ?? '',
    );
    const against = data.records.map(({ label, baselineKey }: Record<string, string>) => [label, baselineKey]);
    expect(against).toEqual([
      ['b', 'R1'],
      ['a', 'R2'],
      ['a', 'R1'],
      ['b', 'R2'],
    ]);
    const { status, stderr } = report('a.json', '--baseline', 'b.json', '--baseline', 'a.json');
    expect(status).toBe(2);
    expect(stderr).toMatch(/expected one record a kind, got b\.json and a\.json, both of kind wider/);
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

  it('writes Markdown with the same comparison', () => {
    expect(report('a.json', 'b.json', '--markdown').status).toBe(0);
    const lines = readFileSync(path.join(folder, 'results/report.md'), 'utf8').split('\n');
    expect(lines).toContain('| record | kind | AP easy | AP medium | AP hard | protocol |');
    expect(lines.find((line) => line.includes('ap.hard'))).toBe(
      '| R2 b | ap.hard | 74.00 % | 70.00 % | −4.00 | 🔴 worse |',
    );
  });

  it('writes the page again when a record changes, and ends well when interrupted', async () => {
    const page = path.join(folder, 'watched.html');
    writeFileSync(path.join(folder, 'w.json'), JSON.stringify(record('before', 0.5)));
    const child = spawn(process.execPath, [main, 'report', 'w.json', '--watch', '--out', page], { cwd: folder });
    const watching = new Promise<void>((resolve) => {
      child.stderr.on('data', (text) => String(text).includes('watching') && resolve());
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await watching;
    expect(readFileSync(page, 'utf8')).toContain('"label":"before"');
    writeFileSync(path.join(folder, 'w.json'), JSON.stringify(record('after', 0.5)));
    await waitUntil('the new page', () => readFileSync(page, 'utf8').includes('"label":"after"'), { during: ended });
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('exits 2 when the gallery lacks predictions or a data set, or has too many', () => {
    expect(report('a.json', '--gallery', '4').stderr).toMatch(/add --pred DIR/);
    expect(report('a.json', '--pred', 'x').stderr).toMatch(/--data DIR/);
    expect(report('a.json', '--pred', 'x', '--pred', 'y', '--data', 'z').stderr).toMatch(
      /--pred y: expected predictions of one of 1 records/,
    );
    expect(report('a.json', '--pred', 'x', '--data', 'z').status).toBe(2);
  });
});

const shared = path.resolve(process.env.RETINABENCH_SHARED ?? path.join(import.meta.dirname, '../../../../../shared'));
const wider = path.join(shared, 'datasets/wider');

describe.skipIf(!existsSync(wider))('the gallery (skipped without the shared data folder)', () => {
  it('shows the images that cost most AP, with faces found and missed and faces cut out', () => {
    const predictions = path.join(wider, 'predictions/retinaface-mnet025-quarter-float');
    const scoring = ['--gt', path.join(wider, 'ground_truth'), '--images', 'present', '--no-interval', '--quiet'];
    const score = ['wider', 'score', '--pred', predictions, ...scoring, '--out', 'quarter.json'];
    expect(spawnSync(process.execPath, [main, ...score], { cwd: folder, encoding: 'utf8' }).status).toBe(0);
    const drawn = report(
      'quarter.json',
      '--pred',
      predictions,
      '--data',
      wider,
      '--gallery',
      '2',
      '--out',
      'gallery.html',
    );
    expect(drawn.stderr).toBe('');
    const html = readFileSync(path.join(folder, 'gallery.html'), 'utf8');
    const { gallery } = JSON.parse(/id="page-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
    const { images } = JSON.parse(readFileSync(path.join(folder, 'quarter.json'), 'utf8'));
    const lost: number[] = images.map((image: { apLost: { hard?: number } }) => image.apLost.hard ?? 0);
    expect(gallery.map(({ apLost }: { apLost: number }) => apLost)).toEqual(
      [...lost].sort((a, b) => b - a).slice(0, 2),
    );
    for (const { name, url, boxes, crops } of gallery) {
      const counted = images.find((image: { name: string }) => image.name === name).faces.hard;
      const number = (kind: string) => boxes.filter((box: { kind: string }) => box.kind === kind).length;
      expect(number('hit') + number('miss')).toBe(counted);
      expect(url).toMatch(/^data:image\/jpeg;base64,/);
      expect(crops.length).toBe(Math.min(6, number('miss')));
    }
  });

  it('leaves out pictures past the size cap and keeps their numbers', () => {
    const predictions = path.join(wider, 'predictions/retinaface-mnet025-quarter-float');
    const gallery = [
      '--pred',
      predictions,
      '--data',
      wider,
      '--gallery',
      '40',
      '--gallery-mb',
      '1',
      '--out',
      'capped.html',
    ];
    expect(report('quarter.json', ...gallery).status).toBe(0);
    const html = readFileSync(path.join(folder, 'capped.html'), 'utf8');
    expect(html.length).toBeLessThan(2_500_000);
    expect(html.match(/"apLost":/g)).toHaveLength(40);
  });
});
