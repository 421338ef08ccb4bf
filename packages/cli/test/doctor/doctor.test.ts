import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = path.resolve('packages/cli/dist/main.js');

interface Findings {
  readonly cache: { readonly folder: string; readonly writable: boolean };
  readonly backends: readonly {
    readonly id: string;
    readonly version?: string;
    readonly availability: { readonly available: boolean; readonly reason?: string; readonly remedy?: string };
  }[];
  readonly devices: readonly { readonly id: string; readonly availability: { readonly available: boolean } }[];
  readonly datasets: readonly { readonly name: string; readonly state: string }[];
  readonly defaultDataset: string;
  readonly models: readonly { readonly id: string; readonly state: string }[];
}

let work: string;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-doctor-'));
});

afterEach(() => rm(work, { recursive: true }));

function run(args: readonly string[], env: NodeJS.ProcessEnv) {
  return spawnSync(process.execPath, [program, 'doctor', ...args], {
    env: { ...process.env, RETINABENCH_DATA: '', ...env },
    encoding: 'utf8',
  });
}

describe('retinabench doctor', () => {
  it('says what is available, and of what is not the reason and the remedy', () => {
    const { status, stdout, stderr } = run(['--json'], { RETINABENCH_CACHE: path.join(work, 'cache') });
    expect(status).toBe(0);
    const findings = JSON.parse(stdout) as Findings;
    expect(findings.cache).toMatchObject({ folder: path.join(work, 'cache'), writable: true });
    expect(findings.backends[0]).toMatchObject({ id: 'ort-node', availability: { available: true } });
    for (const { availability, version } of findings.backends) {
      if (availability.available) expect(version).toMatch(/^\d+\.\d+/);
      else expect([availability.reason, availability.remedy].every(Boolean)).toBe(true);
    }
    expect(findings.devices.map(({ id }) => id)).toEqual(['webgpu', 'cuda', 'tensorrt', 'coreml', 'dml']);
    expect(findings.devices.find(({ id }) => id === 'dml')?.availability).toMatchObject({
      available: false,
      reason: expect.stringMatching(/^device dml does not load: /),
      remedy: expect.stringContaining('--device cpu'),
    });
    expect(findings.datasets.map(({ name }) => name)).toEqual([
      'mini',
      'wider-val',
      'wider-train',
      'wider-test',
      'lfw',
      'ijbc',
    ]);
    expect(findings.defaultDataset).toBe('mini');
    expect(findings.models.length).toBeGreaterThan(0);
    expect(stderr).toMatch(/wider-val +not here +retinabench datasets pull wider-val --accept-licence/);
  });

  it('keeps tables narrow: reasons and remedies stand below them, a line each', () => {
    const { stdout } = run([], { RETINABENCH_CACHE: path.join(work, 'cache') });
    expect(stdout).toMatch(/^ dml +not available$/m);
    expect(stdout).toMatch(/^ dml: device dml does not load: .*\n {3}to get it: .*--device cpu/m);
    const rows = stdout.split('\n').filter((line) => /^ [\w-]+ +(available|not available)/.test(line));
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((line) => line.length > 80)).toEqual([]);
  });

  it('names the data set that RETINABENCH_DATA sets', () => {
    expect(run([], { RETINABENCH_DATA: '/data/wider' }).stdout).toMatch(/without --data: \/data\/wider\n/);
  });

  it('exits 3 when the cache cannot be written', async () => {
    await writeFile(path.join(work, 'file'), '');
    const { status, stdout } = run([], { RETINABENCH_CACHE: path.join(work, 'file') });
    expect(status).toBe(3);
    expect(stdout).toMatch(/NOT writable: set RETINABENCH_CACHE/);
  });
});
