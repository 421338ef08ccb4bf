import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeNpyHeader, openNpy } from '@retinabench/files';
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

async function readMatrix(file: string): Promise<Float32Array> {
  const npy = await openNpy(file);
  const values = new Float32Array(npy.header.items);
  await npy.readInto(0, values);
  await npy.close();
  return values;
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

  it('names all templates without a usable feature, on standard error and among the warnings of the record', async () => {
    const rows = Float32Array.of(0, 0, 0, 0, 0.8, 0.3, 0, 0);
    const features = Buffer.concat([encodeNpyHeader('<f4', [4, 2]), Buffer.from(rows.buffer)]);
    expect(await ijbc('verify', ...(await writeSmall({ 'features.npy': features })), '--force')).toBe(0);
    expect(errors).toContain('2 of 3 templates have no usable feature (the sum is zero): templates 1, 9');
    expect((await readRecord()).warnings).toContainEqual(expect.stringMatching(/^templates-zero: .*templates 1, 9;/));
  });

  it('ends with 2 at labels that contradict each other, names both lines, and goes on with --force', async () => {
    const small = await writeSmall({ 'tiny_template_pair_label.txt': '1 5 1\n1 9 0\n5 9 0\n5 1 0\n' });
    expect(await ijbc('verify', ...small)).toBe(2);
    expect(errors).toContain('line 1 (1 5 1) and line 4 (5 1 0)');
    expect(existsSync(out)).toBe(false);
    expect(await ijbc('verify', ...small, '--force')).toBe(0);
    expect((await readRecord()).warnings).toContainEqual(expect.stringMatching(/^pairs-contradict: /));
  });

  it('ends with 2 at distances given as similarities', async () => {
    const labels = Array.from({ length: 100 }, (_, i) => (i < 20 ? 1 : 0));
    await writeFile(
      path.join(folder, 's.txt'),
      labels.map((label, i) => (label === 1 ? 0.1 : 1) + i / 1000).join('\n'),
    );
    await writeFile(path.join(folder, 'l.txt'), labels.join('\n'));
    const files = ['--scores', path.join(folder, 's.txt'), '--labels', path.join(folder, 'l.txt')];
    expect(await ijbc('verify', ...files)).toBe(2);
    expect(errors).toContain('error: scores-inverted: AUC 0.0000 is below 0.5');
    await writeFile(path.join(folder, 's.txt'), labels.map(() => '0.5').join('\n'));
    expect(await ijbc('verify', ...files)).toBe(2);
    expect(errors).toContain('error: scores-equal: all 100 scores are equal: 0.5');
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

describe('ijbc identify', () => {
  const lists = {
    'tiny_1N_gallery_G1.csv': 'TEMPLATE_ID,SUBJECT_ID\n1,7\n9,8\n',
    'tiny_1N_probe_mixed.csv': 'TEMPLATE_ID,SUBJECT_ID\n5,7\n',
  };

  it('gives the same numbers of lists without a header line, and says how their first line was read', async () => {
    expect(await ijbc('identify', ...(await writeSmall(lists)))).toBe(0);
    const { metrics } = await readRecord();
    expect(metrics).toMatchObject({ probes: 1, 'gallery1.entries': 2, 'gallery1.hits.1': 1 });
    const bare = Object.fromEntries(
      Object.entries(lists).map(([name, text]) => [name, text.slice(text.indexOf('\n') + 1)]),
    );
    expect(await ijbc('identify', ...(await writeSmall(bare)))).toBe(0);
    expect((await readRecord()).metrics).toEqual(metrics);
    expect((await readRecord()).warnings).toContainEqual(
      expect.stringMatching(/^header-missing: .*tiny_1N_gallery_G1.csv/),
    );
  });

  it('ends with 2 where gallery and probes look swapped, or a probe is enrolled', async () => {
    const rows = 'TEMPLATE_ID,SUBJECT_ID\n1,7\n5,7\n';
    const swapped = { 'tiny_1N_gallery_G1.csv': rows, 'tiny_1N_probe_mixed.csv': 'TEMPLATE_ID,SUBJECT_ID\n9,8\n' };
    expect(await ijbc('identify', ...(await writeSmall(swapped)), '--force')).toBe(2);
    expect(errors).toContain('gallery and probes look swapped');
    expect(await ijbc('identify', ...(await writeSmall({ ...lists, 'tiny_1N_probe_mixed.csv': rows })))).toBe(2);
    expect(errors).toContain('error: probe-in-gallery: 1 of 2 probe templates');
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
    expect(record.resampled?.draws['rank.1']).toHaveLength(200);
    const [low, high] = record.rankInterval?.['1'] ?? [];
    expect(low).toBeLessThan(record.rank?.['1'] ?? 0);
    expect(high).toBeGreaterThan(record.rank?.['1'] ?? 1);
    expect(record.tpir?.['0.1']).toBeCloseTo(reference.identification.evals.mean_tpir[75], 12);
  });

  it('splits rows that hold plain and mirrored feature as the code of the public script says, and refuses them without', async () => {
    const [plain, mirrored] = await Promise.all(
      ['features.npy', 'features-flip.npy'].map((name) => readMatrix(path.join(golden, name))),
    );
    const rows = plain.length / 64;
    const both = new Float32Array(rows * 128);
    for (let row = 0; row < rows; row++) {
      both.set(plain.subarray(row * 64, (row + 1) * 64), row * 128);
      both.set(mirrored.subarray(row * 64, (row + 1) * 64), row * 128 + 64);
    }
    const file = path.join(folder, 'both.npy');
    await writeFile(file, Buffer.concat([encodeNpyHeader('<f4', [rows, 128]), Buffer.from(both.buffer)]));
    const reference = JSON.parse(await readFile(path.join(golden, 'reference.json'), 'utf8'));
    const meta = ['--meta', golden, '--no-interval'];
    const tars = async () => Object.values((await readRecord()).tar ?? {}).map(({ tar }) => tar);

    expect(await ijbc('verify', ...meta, '--features', file)).toBe(2);
    expect(errors).toContain('plain and mirrored feature stand side by side in each row of 128 values');
    expect(await ijbc('identify', '--meta', golden, '--features', file)).toBe(2);
    expect(await ijbc('verify', ...meta, ...features.slice(2), '--features', file)).toBe(2);
    expect(errors).toContain('the mirrored ones are given as');

    for (const code of ['N1D1F2', 'N1D1F0'] as const) {
      expect(await ijbc('verify', ...meta, '--features', file, '--codes', code, '--script', 'ijb_11')).toBe(0);
      // The names of the reference are those of ijb_evals.
      expect(await tars()).toEqual(reference.modes[code === 'N1D1F2' ? 'N0D1F1' : 'N0D1F0'].tar);
    }
    expect(await ijbc('verify', ...meta, ...features, '--flip', 'concat')).toBe(0);
    const joined = await tars();
    expect(await ijbc('verify', ...meta, '--features', file, '--flip', 'concat')).toBe(0);
    expect(await tars()).toEqual(joined);
    expect((await readRecord()).dataset?.notes).toContainEqual(expect.stringContaining('split into 64 and 64'));
  });

  it('verify --against prints and records the paired difference; of a run against itself it is zero, not excluding 3 subjects', async () => {
    const against = [
      '--against',
      path.join(golden, 'features.npy'),
      '--against-flip',
      path.join(golden, 'features-flip.npy'),
    ];
    expect(
      await ijbc('verify', '--meta', path.join(golden, 'meta'), ...features, ...against, '--resamples', '20'),
    ).toBe(0);
    const { metrics, resampled } = await readRecord();
    // No draw differs: by the rule of three up to 3 of the 35 + 36 subjects may.
    expect(metrics?.['difference.1e-3']).toBe(0);
    expect(metrics?.['difference.1e-3.low']).toBeCloseTo(-3 / 71, 12);
    expect(metrics?.['difference.1e-3.high']).toBeCloseTo(3 / 71, 12);
    expect(resampled).toMatchObject({ unit: 'subjects', deciding: 71, seed: 1 });
    expect(resampled?.draws['tar.1e-3']).toHaveLength(20);
  });
});

describe('ijbc meta --from-folders', () => {
  it('writes lists of people and images that identify reads, and writes over none', async () => {
    const people = path.join(folder, 'people');
    for (const name of ['al/1.jpg', 'al/2.PNG', 'al/notes.txt', 'bo/1.webp', 'bo/2.jpg', 'cy/1.jpg', '.cache/x.jpg']) {
      await mkdir(path.dirname(path.join(people, name)), { recursive: true });
      await writeFile(path.join(people, name), '');
    }
    out = path.join(folder, 'lists');
    expect(await ijbc('meta', '--from-folders', people)).toBe(0);
    expect(errors).toContain('left out: 1 entries');
    expect(await readFile(path.join(out, 'people_face_tid_mid.txt'), 'utf8')).toBe(
      'al/1.jpg 1 1\nal/2.PNG 2 2\nbo/1.webp 3 3\nbo/2.jpg 4 4\ncy/1.jpg 5 5\n',
    );
    expect(await ijbc('meta', '--from-folders', people)).toBe(2);
    expect(errors).toContain('exists already');
    const features = path.join(folder, 'f.npy');
    const rows = Float32Array.of(1, 0, 1, 0.1, 0, 1, 0.1, 1, -1, -1);
    await writeFile(features, Buffer.concat([encodeNpyHeader('<f4', [5, 2]), Buffer.from(rows.buffer)]));
    const lists = out;
    out = path.join(folder, 'record.json');
    expect(await ijbc('identify', '--meta', lists, '--features', features)).toBe(0);
    expect((await readRecord()).rank).toEqual({ '1': 1, '5': 1, '10': 1 });
  });
});

describe.skipIf(!existsSync(golden))('ijbc verify --groups (needs the shared data folder)', () => {
  it('breaks FNMR and FMR down by a column of the templates: counts add up, one group of all has 1 - TAR', async () => {
    const meta = await readFile(path.join(golden, 'meta/ijbc_face_tid_mid.txt'), 'utf8');
    const templates = [
      ...new Set(
        meta
          .trim()
          .split('\n')
          .map((line) => line.trim().split(/\s+/)[1]),
      ),
    ];
    const groups = path.join(folder, 'groups.csv');
    const rows = templates.map((id) => `${id},${Number(id) % 3 === 0 ? 'third' : 'other'},all`);
    await writeFile(groups, `TEMPLATE_ID,kind,one\n${rows.join('\n')}\n`);
    const features = ['--features', path.join(golden, 'features.npy'), '--flip', 'none', '--no-interval'];
    const flags = ['--groups', groups, '--by', 'kind', '--by', 'one'];
    expect(await ijbc('verify', '--meta', path.join(golden, 'meta'), ...features, ...flags), errors).toBe(0);
    const { groups: rates, tar, metrics } = await readRecord();
    expect(rates?.one.all).toMatchObject({
      genuine: metrics?.['pairs.genuine'],
      impostors: metrics?.['pairs.impostor'],
    });
    for (const target of ['1e-4', '1e-3', '1e-2']) {
      expect(rates?.one.all.at[target].fnmr).toBeCloseTo(1 - (tar?.[target].tar ?? 0), 12);
      expect(rates?.one.all.at[target].fmr).toBeCloseTo(tar?.[target].achievedFar ?? 1, 12);
    }
    const { third, other, 'across groups': across } = rates?.kind ?? {};
    expect(third.impostors + other.impostors + across.impostors).toBe(metrics?.['pairs.impostor']);
    // Counted apart from the program: genuine lines of the pair list whose two ids differ in what remains of three.
    const list = await readFile(path.join(golden, 'meta/ijbc_template_pair_label.txt'), 'utf8');
    const isThird = (id: string): boolean => Number(id) % 3 === 0;
    const genuineAcross = list
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([a, b, label]) => label === '1' && isThird(a) !== isThird(b)).length;
    expect(genuineAcross).toBeGreaterThan(0);
    expect(across.genuine).toBe(genuineAcross);
    for (const target of ['1e-4', '1e-3', '1e-2']) {
      const misses = [third, other, across].reduce((sum, { at }) => sum + (at[target].misses ?? 0), 0);
      const all = metrics?.['pairs.genuine'] ?? 0;
      expect(misses / all).toBeCloseTo(1 - (tar?.[target].tar ?? 0), 12);
    }
  });

  it('prints how many templates are in no group, and warns of rows that name no template', async () => {
    const groups = path.join(folder, 'groups.csv');
    await writeFile(groups, 'TEMPLATE_ID,camera\n1,x\n5,y\n77,x\n');
    const given = [...(await writeSmall()), '--groups', groups, '--by', 'camera', '--out', out];
    expect(await runProgram(await buildProgram(), ['node', 'retinabench', 'ijbc', 'verify', ...given])).toBe(0);
    const printed = vi.mocked(process.stdout.write).mock.calls.map(([text]) => String(text));
    expect(printed.join('')).toContain('camera: 1 template has no value and is in no group');
    expect(errors).toContain('warning: group-rows-unknown: ');
    const { warnings, groups: rates } = await readRecord();
    expect(warnings).toContainEqual(expect.stringMatching(/1 of 3 rows name no template that is evaluated: 77/));
    // The one genuine pair is of templates 1 and 5.
    expect(rates?.camera['across groups']).toMatchObject({ genuine: 1, impostors: 0 });
    await writeFile(groups, 'TEMPLATE_ID,camera\n76,x\n77,y\n');
    expect(await ijbc('verify', ...given.slice(0, -2))).toBe(2);
    expect(errors).toMatch(/expected rows of the templates that are evaluated, got 2 of 2 rows/);
  });

  it('refuses columns without a table, and a table with scores', async () => {
    const [scores, labels] = [path.join(folder, 's.txt'), path.join(folder, 'l.txt')];
    await writeFile(scores, '0.1\n0.9\n');
    await writeFile(labels, '0\n1\n');
    expect(await ijbc('verify', '--scores', scores, '--labels', labels, '--groups', 'g.csv')).toBe(2);
    expect(errors).toContain('--groups: needs the templates of the pairs');
  });
});

describe.skipIf(!existsSync(golden))('ijbc folds (needs the shared data folder)', () => {
  const at = (name: string): string => path.join(shared, 'golden/folds', name);

  it('gives the accuracy and TAR of the reference, and says which FAR its pairs cannot resolve', async () => {
    const reference = JSON.parse(await readFile(at('reference.json'), 'utf8'))['many-pairs.csv'];
    const features = ['--features', at('features.npy'), '--features-flip', at('features-flip.npy')];
    for (const [mode, flip] of [
      ['flip added', 'add'],
      ['no flip', 'none'],
    ] as const) {
      expect(await ijbc('folds', '--pairs', at('many-pairs.csv'), ...features, '--flip', flip)).toBe(0);
      const { metrics, protocol, warnings } = await readRecord();
      expect(metrics?.['folds.accuracy']).toBeCloseTo(reference[mode].accuracy, 12);
      expect(metrics?.['folds.tar']).toBeCloseTo(reference[mode]['tarAtFar1e-3'], 12);
      expect(metrics?.auc).toBeCloseTo(reference[mode].auc, 12);
      expect(metrics?.['fold6.threshold']).toBe(reference[mode].folds.threshold[5]);
      expect(protocol).toMatchObject({ folds: 10, flip, far: 1e-3 });
      expect(warnings).toContainEqual(expect.stringMatching(/^far-unresolved: of 2,000 impostor pairs/));
    }
  });

  it('pairs.txt with features: accuracy and TAR of the reference of the same pairs', async () => {
    const reference = JSON.parse(await readFile(at('reference.json'), 'utf8'))['pairs.bin']['flip added'];
    const features = ['--features', at('features.npy'), '--features-flip', at('features-flip.npy')];
    expect(await ijbc('folds', '--pairs', at('pairs.txt'), ...features)).toBe(0);
    const { metrics } = await readRecord();
    expect(metrics?.['folds.accuracy']).toBeCloseTo(reference.accuracy, 12);
    expect(metrics?.['folds.accuracy.deviation']).toBeCloseTo(reference.deviation, 12);
    expect(metrics?.['folds.tar']).toBeCloseTo(reference['tarAtFar1e-3'], 12);
  });

  it('makes the features of the aligned crops in a .bin: accuracy and TAR of the reference; --against pairs them', async () => {
    const reference = JSON.parse(await readFile(at('reference.json'), 'utf8'))['pairs.bin']['flip added'];
    const given = ['--features', at('features.npy'), '--features-flip', at('features-flip.npy')];
    expect(await ijbc('folds', '--pairs', at('pairs.bin'), ...given)).toBe(0);
    const baseline = path.join(folder, 'baseline.json');
    await rename(out, baseline);
    let printed = '';
    vi.mocked(process.stdout.write).mockImplementation((text) => {
      printed += text;
      return true;
    });
    const embedder = ['--embedder', 'mobilefacenet-128d', '--against', baseline];
    expect(await ijbc('folds', '--pairs', at('pairs.bin'), ...embedder), errors).toBe(0);
    const { metrics, protocol, model, folds } = await readRecord();
    expect(metrics?.['folds.accuracy']).toBeCloseTo(reference.accuracy, 12);
    expect(metrics?.['folds.tar']).toBeCloseTo(reference['tarAtFar1e-3'], 12);
    expect(protocol).toMatchObject({ faces: 'aligned', flip: 'add', norm: 'l2 after flip' });
    expect(model?.id).toBe('mobilefacenet-128d');
    expect(folds?.pairs).toBe(120);
    expect(printed).toContain('by pair: of 120, 0 are right now and were wrong, 0 were right and are wrong now');
  });

  it('needs images for pairs that name them, and one source of features', async () => {
    expect(await ijbc('folds', '--pairs', at('pairs.txt'), '--embedder', 'mobilefacenet-128d')).toBe(2);
    expect(errors).toContain('such as Paul_McCartney/Paul_McCartney_0001; say where they lie with --images DIR');
    expect(await ijbc('folds', '--pairs', at('many-pairs.csv'), '--embedder', 'mobilefacenet-128d')).toBe(2);
    expect(errors).toContain('got rows of features; give --features FILE');
    expect(await ijbc('folds', '--pairs', at('pairs.txt'))).toBe(2);
    expect(errors).toContain('needs --features FILE, or --embedder ID');
  });

  it('refuses another number of folds than the file says, and flip without its features', async () => {
    const features = ['--features', at('features.npy')];
    expect(await ijbc('folds', '--pairs', at('pairs.txt'), ...features, '--folds', '5')).toBe(2);
    expect(errors).toContain('pairs.txt has 10; leave the flag out');
    expect(await ijbc('folds', '--pairs', at('pairs.txt'), ...features, '--flip', 'add')).toBe(2);
    expect(errors).toContain('give --features-flip FILE');
  });
});
