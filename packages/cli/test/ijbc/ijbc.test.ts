import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

const shared = process.env.RETINABENCH_SHARED ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const golden = path.join(shared, 'golden/ijbc-small');

let folder: string;
let out: string;
let errors: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cli-ijbc-'));
  out = path.join(folder, 'record.json');
  errors = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += text;
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** Run `retinabench ijbc` and give its exit code. */
async function ijbc(...args: readonly string[]): Promise<number> {
  return runProgram(await buildProgram(), ['node', 'retinabench', 'ijbc', ...args, '--out', out, '--quiet']);
}

async function readRecord(): Promise<ResultRecord> {
  return parseRecord(await readFile(out, 'utf8'), out);
}

/** Write metadata and two-dimensional features of four images in three templates, changed as asked. */
async function writeSmall(change: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string[]> {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }\n`;
  const npy = Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    Buffer.from(Float32Array.of(1, 0, 0.9, 0.1, 0.8, 0.3, 0, 1).buffer),
  ]);
  const files: Record<string, string | Uint8Array> = {
    'tiny_face_tid_mid.txt': 'a.jpg 1 1\r\nb.jpg 1 2\r\nc.jpg 5 3\r\nd.jpg 9 4\r\n',
    'tiny_template_pair_label.txt': '1 5 1\r\n1 9 0\r\n5 9 0\r\n',
    'features.npy': npy,
    ...change,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return ['--meta', folder, '--features', path.join(folder, 'features.npy')];
}

describe('ijbc verify', () => {
  it('writes a valid record of every rule, without flags that nothing is at hand for', async () => {
    expect(await ijbc('verify', ...(await writeSmall()))).toBe(0);
    const record = await readRecord();
    expect(record.kind).toBe('ijbc-verification');
    expect(record.protocol).toMatchObject({
      templateNorm: 'keep',
      detectorScore: 'ignore',
      flip: 'none',
      pairs: 'file',
    });
    expect(record.tar?.['1e-6']).toMatchObject({ tar: 1, achievedFar: 0, impostors: 0 });
    expect(Object.keys(record.tarNotAbove ?? {})).toEqual(['1e-6', '1e-5', '1e-4', '1e-3', '1e-2', '1e-1']);
    expect(record.metrics).toMatchObject({ 'pairs.genuine': 1, 'pairs.impostor': 2, subjects: 2 });
  });

  it('needs metadata and features together', async () => {
    expect(await ijbc('verify', '--meta', folder)).toBe(2);
    expect(errors).toContain('needs --meta DIR and --features FILE together');
  });

  it.each([
    [
      'a label that is not 0 or 1',
      { 'tiny_template_pair_label.txt': '1 5 1\n1 9 2\n' },
      'tiny_template_pair_label.txt:2: expected the label 0',
    ],
    [
      'a template without images',
      { 'tiny_template_pair_label.txt': '1 5 1\n1 77 0\n' },
      'tiny_template_pair_label.txt:2: expected a template with images, got 77',
    ],
    ['no impostor pair', { 'tiny_template_pair_label.txt': '1 5 1\n' }, 'got 1 genuine and 0 impostor'],
    [
      'another number of images',
      { 'tiny_face_tid_mid.txt': 'a.jpg 1 1\nb.jpg 5 2\nc.jpg 9 3\n' },
      'features.npy: expected 3 rows',
    ],
    [
      'truncated features',
      { 'features.npy': new Uint8Array([0x93, ...Buffer.from('NUMPY'), 1, 0]) },
      'features.npy: expected a .npy file',
    ],
  ])('exits 2 at %s and names the place', async (_, change, message) => {
    expect(await ijbc('verify', ...(await writeSmall(change)))).toBe(2);
    expect(errors).toContain(message);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [['--codes', 'N1D1F1'], '--codes and --script belong together'],
    [['--codes', 'N1D1F2', '--script', 'ijb_evals'], 'expected N0-1, D0-1 and F0-1 as ijb_evals has them'],
    [['--codes', 'N1D0F0', '--script', 'ijb_11', '--flip', 'none'], 'leave out --template-norm'],
    [['--flip', 'add'], 'needs the features of the mirrored images'],
    [['--detector-score', 'use'], 'name_5pts_score.txt'],
    [['--scores', 'x.npy'], '--scores FILE and --labels FILE belong together'],
    [['--rule', 'best'], 'Allowed choices are nearest, nearest-all, not-above'],
  ])('exits 2 with %j', async (flags, message) => {
    expect(await ijbc('verify', ...(await writeSmall()), ...flags)).toBe(2);
    expect(errors).toContain(message);
  });

  it('takes scores and labels made by anything, as text too', async () => {
    await writeFile(path.join(folder, 's.txt'), '0.9\n0.2\n0.8\n0.1\n');
    await writeFile(path.join(folder, 'l.txt'), '1\n0\n1\n0\n');
    expect(await ijbc('verify', '--scores', path.join(folder, 's.txt'), '--labels', path.join(folder, 'l.txt'))).toBe(
      0,
    );
    expect((await readRecord()).metrics).toMatchObject({ eer: 0, auc: 1 });
    await writeFile(path.join(folder, 'l.txt'), '1\n0\n2\n0\n');
    expect(await ijbc('verify', '--scores', path.join(folder, 's.txt'), '--labels', path.join(folder, 'l.txt'))).toBe(
      2,
    );
    expect(errors).toContain('l.txt:3: expected a label 0 or 1');
    await writeFile(path.join(folder, 'l.txt'), '1 2 1\n1 3 0\n4 5 1\n1 4 0\n');
    expect(await ijbc('verify', '--scores', path.join(folder, 's.txt'), '--labels', path.join(folder, 'l.txt'))).toBe(
      0,
    );
    expect((await readRecord()).metrics).toMatchObject({ eer: 0, auc: 1, subjects: 3 });
  });
});

describe.skipIf(!existsSync(golden))('ijbc on golden/ijbc-small (needs the shared data folder)', () => {
  const features = [
    '--features',
    path.join(golden, 'features.npy'),
    '--features-flip',
    path.join(golden, 'features-flip.npy'),
  ];

  it('verify and identify give the reference figures with the published defaults', async () => {
    const reference = JSON.parse(await readFile(path.join(golden, 'reference.json'), 'utf8'));
    expect(await ijbc('verify', '--meta', path.join(golden, 'meta'), ...features, '--no-interval')).toBe(0);
    expect(Object.values((await readRecord()).tar ?? {}).map(({ tar }) => tar)).toEqual(reference.modes.N0D1F1.tar);
    expect(await ijbc('identify', '--meta', golden, ...features)).toBe(0);
    const record = await readRecord();
    expect(record.rank?.['1']).toBe(reference.identification.evals.mean_top1);
    expect(record.tpir?.['0.1']).toBeCloseTo(reference.identification.evals.mean_tpir[75], 12);
  });

  it('verify --against prints and records the paired difference; of a run against itself it is zero', async () => {
    const against = [
      '--against',
      path.join(golden, 'features.npy'),
      '--against-flip',
      path.join(golden, 'features-flip.npy'),
    ];
    expect(
      await ijbc('verify', '--meta', path.join(golden, 'meta'), ...features, ...against, '--resamples', '20'),
    ).toBe(0);
    expect((await readRecord()).metrics).toMatchObject({
      'difference.1e-3': 0,
      'difference.1e-3.low': 0,
      'difference.1e-3.high': 0,
    });
  });
});
