import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

const sharedFolder = path.resolve(
  import.meta.dirname,
  '../../../..',
  process.env.RETINABENCH_SHARED ?? '../shared',
  'datasets',
  'wider',
);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-score-'));
  const labels = { blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 };
  const face = (box: number[]) => ({ box, ...labels, splits: ['easy', 'medium', 'hard'] });
  const images = [
    { name: '0--A/a', faces: [face([0, 0, 19, 19]), face([100, 0, 19, 19])] },
    { name: '0--A/b', faces: [face([10, 10, 40, 40])] },
  ];
  mkdirSync(path.join(folder, 'ground_truth'));
  writeFileSync(path.join(folder, 'ground_truth', 'wider_face_val.json'), JSON.stringify({ version: 1, images }));
  // Sorted over both images: hit 0.9, repeated 0.8, hit 0.7, hit 0.1. Precision 1, 1/2, 2/3, 3/4 at recall 1/3, 1/3,
  // 2/3, 1: the envelope is 1, 3/4, 3/4, AP = 1/3 + 2/3 * 3/4 = 5/6.
  write('good', { a: ['0 0 19 19 0.9', '1 0 19 19 0.8', '100 0 19 19 0.7'], b: ['10 10 40 40 0.1'] });
  write('unsorted', { a: ['100 0 19 19 0.7', '1 0 19 19 0.8', '0 0 19 19 0.9'], b: ['10 10 40 40 0.1'] });
  write('missing', { a: ['0 0 19 19 0.9', '500 0 19 19 0.1'] });
  write('malformed', { a: ['0 0 19 19 0.9', '1 0 19 high'], b: ['10 10 40 40 0.1'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, images: Record<string, string[]>): void {
  mkdirSync(path.join(folder, name, '0--A'), { recursive: true });
  for (const [image, lines] of Object.entries(images)) {
    writeFileSync(path.join(folder, name, '0--A', `${image}.txt`), [image, lines.length, ...lines, ''].join('\n'));
  }
}

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const score = (...args: string[]): Promise<Outcome> => run('--gt', 'ground_truth', ...args);

/** Run the command in this process, which starts much faster, in the folder. */
async function run(...args: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += text;
      return true;
    }),
  );
  const before = process.cwd();
  process.chdir(folder);
  try {
    const argv = ['node', 'retinabench', 'wider', 'score', ...args];
    const status = await runProgram(await buildProgram(), argv);
    return { status, ...written };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}

function recordOf(stdout: string): ResultRecord {
  return parseRecord(stdout, 'standard output');
}

describe('retinabench wider score', () => {
  it('prints AP with its protocol id and writes the record', async () => {
    const { status, stdout } = await score('--pred', 'good');
    expect(status).toBe(0);
    expect(stdout).toMatch(/easy +0\.8333 /);
    const [file] = readdirSync(path.join(folder, 'results', 'wider'));
    expect(file).toMatch(/^good-[0-9a-f]{12}\.json$/);
    const record = recordOf(readFileSync(path.join(folder, 'results', 'wider', file), 'utf8'));
    expect(stdout).toContain(`protocol ${record.protocol.id}: metric=wider-ap rules=python order=file`);
    expect(stdout).toContain(`made on ${os.cpus()[0].model.trim()}, `);
    expect(stdout).toContain(`Node ${process.version}\nagain: ${record.command}\n`);
    expect(record.ap?.hard).toBeCloseTo(5 / 6, 12);
    expect(record.counts?.hard).toEqual({ truePositives: 3, proposals: 4, faces: 3 });
    expect(record.dataset).toMatchObject({ images: 2 });
    expect(record.interval?.hard).toHaveLength(2);
  });

  it('prints the record alone on standard output under --json, the table on standard error', async () => {
    const { stdout, stderr } = await score('--pred', 'good', '--json', '--no-interval', '--out', 'r.json');
    expect(recordOf(stdout).ap?.hard).toBeCloseTo(5 / 6, 12);
    expect(recordOf(stdout).interval).toBeUndefined();
    expect(stderr).toMatch(/hard +0\.8333/);
    expect(existsSync(path.join(folder, 'r.json'))).toBe(true);
  });

  it('gives the same intervals every time; the flags of drawing at random are taken and said to change nothing', async () => {
    const plain = recordOf((await score('--pred', 'good', '--json')).stdout).interval;
    const seeded = await score('--pred', 'good', '--json', '--seed', '3', '--resamples', '50');
    expect(recordOf(seeded.stdout).interval).toEqual(plain);
    expect(seeded.stderr).toMatch(/note: --resamples and --seed changed nothing/);
  });

  it('warns of intervals on fewer than 200 images, in the record and beside the table, unless they are left out', async () => {
    const { stdout } = await score('--pred', 'good', '--out', 'few.json');
    expect(stdout).toMatch(/few-images: AP of 2 images: below 200 a 95 % interval can hold the truth less often/);
    const record = recordOf(readFileSync(path.join(folder, 'few.json'), 'utf8'));
    expect(record.warnings).toEqual([expect.stringMatching(/^few-images: /)]);
    const without = recordOf((await score('--pred', 'good', '--json', '--no-interval')).stdout);
    expect(without.warnings).toBeUndefined();
  });

  it('refuses unsorted files, and under --order any scores them with another protocol id', async () => {
    const strict = await score('--pred', 'unsorted');
    expect(strict.status).toBe(2);
    expect(strict.stderr).toMatch(/error: unsorted: .*0--A\/a\.txt, detection 2 \(0\.7 then 0\.8\)/);
    expect(strict.stderr).toMatch(/fix: .*--order any/);
    expect(strict.stdout).toBe('');
    const any = recordOf((await score('--pred', 'unsorted', '--order', 'any', '--json')).stdout);
    const good = recordOf((await score('--pred', 'good', '--json')).stdout);
    expect(any.ap).toEqual(good.ap);
    expect(any.protocol.id).not.toBe(good.protocol.id);
  });

  it('scores in spite of an error under --force and keeps it as a warning of the record', async () => {
    const { status, stdout } = await score('--pred', 'unsorted', '--force', '--json');
    expect(status).toBe(0);
    expect(recordOf(stdout).warnings?.[0]).toMatch(/^unsorted: /);
  });

  it('refuses missing files under python rules, and takes them as empty under matlab or leaves them out when asked', async () => {
    const strict = await score('--pred', 'missing');
    expect(strict.status).toBe(2);
    expect(strict.stderr).toMatch(/missing-images: 1 image \(0--A\/b\) of 2/);
    expect(recordOf((await score('--pred', 'missing', '--rules', 'matlab', '--json')).stdout).counts?.hard.faces).toBe(
      3,
    );
    const present = recordOf((await score('--pred', 'missing', '--images', 'present', '--json')).stdout);
    expect(present.counts?.hard.faces).toBe(2);
    expect(present.dataset?.notes).toEqual(['1 of the 2 annotated images: the numbers are of those alone']);
  });

  it('evaluates the images of a list', async () => {
    writeFileSync(path.join(folder, 'list.txt'), '0--A/b.jpg\n');
    writeFileSync(path.join(folder, 'wrong.txt'), 'b.jpg\n');
    write('both', { a: ['0 0 19 19 0.9'], b: ['10 10 40 40 0.8', '300 300 9 9 0.1'] });
    const { stdout } = await score('--pred', 'both', '--images', 'list.txt', '--json');
    for (const [form, line] of ['/0--A/b.jpg', './0--A/b.jpg', '# 0--A/b.jpg', '\ufeff0--A/b'].entries()) {
      writeFileSync(path.join(folder, `public-${form}.txt`), `${line}\n`);
      const listed = await score('--pred', 'both', '--images', `public-${form}.txt`, '--json');
      expect(recordOf(listed.stdout).ap).toEqual(recordOf(stdout).ap);
    }
    expect(recordOf(stdout).counts?.hard).toEqual({ truePositives: 1, proposals: 2, faces: 1 });
    const wrong = await score('--pred', 'both', '--images', 'wrong.txt');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/wrong\.txt: expected images of the ground truth.*got "b"/);
  });

  it.each([
    [
      'a malformed line, with file and line',
      ['--pred', 'malformed'],
      2,
      /malformed\/0--A\/a\.txt:4: expected "x y w h score"/,
    ],
    ['an absent folder of predictions', ['--pred', 'absent'], 3, /absent: expected a folder of predictions/],
    ['a folder without predictions', ['--pred', 'ground_truth'], 2, /ground_truth: expected prediction files/],
    ['absent ground truth', ['--pred', 'good', '--gt', 'nowhere'], 3, /nowhere: expected a folder with WIDER FACE/],
    ['a folder without ground truth', ['--pred', 'good', '--gt', 'good'], 2, /expected wider_face_val\.mat/],
    ['unknown rules', ['--pred', 'good', '--rules', 'octave'], 2, /Allowed choices are python, matlab, matlab-int/],
    ['a scale that is none', ['--pred', 'good', '--box-scale', '0'], 2, /expected a number above 0/],
    ['no --pred', [], 2, /needs --pred DIR;/],
  ])('refuses %s', async (_, args, code, message) => {
    const { status, stdout, stderr } = await score(...args);
    expect(status).toBe(code);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
  });

  it('takes ground truth and images from --data, and sizes of images for boxes beside them', async () => {
    const root = path.join(folder, 'data');
    mkdirSync(path.join(root, 'images', '0--A'), { recursive: true });
    mkdirSync(path.join(root, 'ground_truth'));
    writeFileSync(
      path.join(root, 'ground_truth', 'wider_face_val.json'),
      readFileSync(path.join(folder, 'ground_truth', 'wider_face_val.json')),
    );
    // Start of image, then a baseline frame header: length 11, 8 bits, height 60, width 50.
    const jpeg = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 60, 0, 50, 1, 1, 0x11, 0];
    writeFileSync(path.join(root, 'images', '0--A', 'b.jpg'), Buffer.from(jpeg));
    write('beside', { b: ['10 10 40 40 0.9', '45 10 40 40 0.1'] });
    const result = await run('--data', 'data', '--pred', 'beside', '--json');
    expect(result.status).toBe(0);
    expect(recordOf(result.stdout).counts?.hard).toEqual({ truePositives: 1, proposals: 2, faces: 1 });
    expect(recordOf(result.stdout).warnings?.[0]).toMatch(
      /boxes-outside: 50.0 % of the best detections of each image have their centre outside their image/,
    );
  });

  it('reads boxes of a frame by the sizes of the images in --data, beside another ground truth', async () => {
    // b.jpg is 50 x 60, from the test before: (10, 10, 40, 40) is (0.2, 1/6, 0.8, 2/3) of its sides.
    write('fractions', { b: [`0.2 ${1 / 6} 0.8 ${2 / 3} 0.9`, '0 0 0.1 0.1 0.1'] });
    const flags = ['--pred', 'fractions', '--images', 'present', '--no-interval', '--json'];
    const result = await score(...flags, '--data', 'data', '--box-frame', 'normalised');
    expect(recordOf(result.stdout).ap?.hard).toBe(1);
    expect(recordOf(result.stdout).dataset?.notes).toContain('predictions read with --box-frame stretch:1');
    const without = await score(...flags, '--box-frame', 'normalised');
    expect(without.status).toBe(2);
    expect(without.stderr).toMatch(/sizes of the images.*--data DIR/);
    const unread = await score(...flags, '--box-frame', 'somehow');
    expect(unread.stderr).toMatch(/box frame: expected normalised, padded/);
  });

  it('reads boxes of a frame by the size of a turned photograph as it is shown', async () => {
    // Stored 100 wide and 50 high, to be turned by 90 degrees (EXIF orientation 6): shown 50 x 100, of whose sides
    // (10, 10, 40, 40) is (0.2, 0.1, 0.8, 0.4). As stored the box would be (20, 5, 80, 20), of IoU 450 / 2750.
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const exif = [0xff, 0xe1, 0, 8 + tiff.length, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
    const jpeg = [0xff, 0xd8, ...exif, 0xff, 0xc0, 0, 11, 8, 0, 50, 0, 100, 1, 1, 0x11, 0];
    mkdirSync(path.join(folder, 'turned', 'images', '0--A'), { recursive: true });
    writeFileSync(path.join(folder, 'turned', 'images', '0--A', 'b.jpg'), Buffer.from(jpeg));
    write('of-turned', { b: ['0.2 0.1 0.8 0.4 0.9', '0 0 0.1 0.1 0.1'] });
    const flags = ['--pred', 'of-turned', '--images', 'present', '--no-interval', '--json'];
    const result = await score(...flags, '--data', 'turned', '--box-frame', 'normalised');
    expect(result.status, result.stderr).toBe(0);
    expect(recordOf(result.stdout).ap?.hard).toBe(1);
  });

  it('reads files by --header, --columns, --box-shift, --file-shift and --drop-duplicates', async () => {
    const good = recordOf((await score('--pred', 'good', '--no-interval', '--json')).stdout).ap;
    mkdirSync(path.join(folder, 'other', '0--A'), { recursive: true });
    // Each file without a header, the score first, x and y 5 too large, every line twice, a and b exchanged.
    const lines = (rows: string[]): string => rows.flatMap((row) => [row, row, '']).join('\n');
    writeFileSync(
      path.join(folder, 'other', '0--A', 'b.txt'),
      lines(['0.9 5 5 19 19', '0.8 6 5 19 19', '0.7 105 5 19 19']),
    );
    writeFileSync(path.join(folder, 'other', '0--A', 'a.txt'), lines(['0.1 15 15 40 40']));
    const flags = ['--header', 'none', '--columns', '2,3,4,5,1', '--box-shift=-5,-5', '--file-shift', '1'];
    const read = await score('--pred', 'other', '--no-interval', '--json', ...flags, '--drop-duplicates');
    expect(recordOf(read.stdout).ap).toEqual(good);
    expect(recordOf(read.stdout).dataset?.notes).toEqual([
      'predictions read with --header none',
      'predictions read with --columns 2,3,4,5,1',
      'predictions read with --box-shift -5,-5',
      'predictions read with --file-shift 1',
      'predictions read with --drop-duplicates',
    ]);
    const named = await score('--pred', 'other', '--no-interval', '--columns', '2,3,4,5,1');
    expect(named.stderr).toMatch(/error: header-missing: .*b?\.txt:1: starts with/);
    for (const bad of [
      ['--columns', '1,2,3'],
      ['--box-shift', '1'],
      ['--file-shift', '0'],
    ]) {
      expect((await score('--pred', 'other', ...bad)).status).toBe(2);
    }
  });

  it('exits 3 if the record cannot be written', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const { status, stderr } = await score('--pred', 'good', '--no-interval', '--out', 'file/record.json');
    expect(status).toBe(3);
    expect(stderr).toMatch(/cannot write the record/);
  });

  it('has help with an example', async () => {
    const { status, stdout } = await score('--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/retinabench wider score --pred .* --rules matlab/);
  });

  it.skipIf(!existsSync(sharedFolder))(
    'gives 0.9071 / 0.8817 / 0.7383 on the public run (skips without the shared data folder)',
    async () => {
      const { stdout } = await score(
        '--gt',
        path.join(sharedFolder, 'ground_truth'),
        '--pred',
        path.join(sharedFolder, 'predictions', 'retinaface-mnet025-original'),
        '--no-interval',
      );
      for (const row of [/easy +0\.9071 /, /medium +0\.8817 /, /hard +0\.7383 /]) expect(stdout).toMatch(row);
      expect(stdout).toContain('data set wider-val: 3226 images');
    },
  );
});
