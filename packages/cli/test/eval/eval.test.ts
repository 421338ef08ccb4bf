import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, runIn } from '../support/run-in.js';

const shared = path.resolve(import.meta.dirname, '../../../..', process.env.RETINABENCH_SHARED ?? '../shared');
const photographs = path.join(shared, 'datasets', 'wider', 'WIDER_val', 'images');
const truth = path.join(shared, 'golden', 'coco', 'ground-truth.json');

interface Coco {
  readonly images: readonly {
    readonly id: number;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly annotations: readonly { readonly image_id: number; readonly bbox: readonly number[] }[];
  readonly categories: unknown;
}

/** Twenty photographs with 1,016 faces, annotated in each form; every face counts. */
const photos = 20;

describe.skipIf(!existsSync(photographs) || !existsSync(truth))(
  'retinabench eval on a folder of photographs (needs the shared data folder)',
  () => {
    let folder: string;
    let images: Coco['images'];
    let facesOf: (id: number) => readonly (readonly number[])[];
    let expected: ResultRecord;

    const evaluate = (...args: string[]): Promise<Outcome> =>
      runIn(
        folder,
        'eval',
        '--scale',
        'long:320',
        '--workers',
        '1',
        '--crowd',
        'count',
        '--ignored',
        'count',
        '--json',
        ...args,
      );
    const recordOf = ({ stdout }: Outcome): ResultRecord => parseRecord(stdout, 'standard output');

    /** A folder of its own with links to the photographs, below `images` if the form wants them there. */
    const photographsIn = (name: string, below = ''): string => {
      for (const { file_name } of images) {
        const link = path.join(folder, name, below, file_name);
        mkdirSync(path.dirname(link), { recursive: true });
        symlinkSync(path.join(photographs, file_name), link);
      }
      return name;
    };
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    const stem = (name: string): string => name.replace(/\.jpg$/, '');

    beforeAll(async () => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-eval-'));
      const all = JSON.parse(readFileSync(truth, 'utf8')) as Coco;
      images = all.images.slice(0, photos);
      const boxes = new Map<number, (readonly number[])[]>();
      for (const { image_id, bbox } of all.annotations) boxes.set(image_id, [...(boxes.get(image_id) ?? []), bbox]);
      facesOf = (id) => boxes.get(id) ?? [];
      const ids = new Set(images.map(({ id }) => id));
      const annotations = all.annotations.filter(({ image_id }) => ids.has(image_id));
      photographsIn('coco');
      write('coco/annotations.json', JSON.stringify({ images, annotations, categories: all.categories }));
      const outcome = await evaluate('--data', 'coco', '--out', 'coco.json');
      expect(outcome.status, outcome.stderr).toBe(0);
      expected = recordOf(outcome);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('gives AP, time an image and what was recognised in one record', () => {
      expect(expected.kind).toBe('detection');
      expect(expected.dataset).toMatchObject({ name: 'coco', images: photos });
      expect(expected.dataset?.notes?.[0]).toMatch(/read as coco: 20 images, 1,016 faces/);
      expect(expected.detection?.faces.counted).toBe(1016);
      // At 320 pixels most faces are too small for the detector; of those above 64 pixels it finds nearly all.
      expect(expected.detection?.values.ap50).toBeGreaterThan(0.05);
      expect(expected.breakdown?.height?.['64-128']?.recall).toBeGreaterThan(0.8);
      expect(expected.latencyMs?.detect?.n).toBe(photos);
      expect(expected.model?.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(expected.protocol.scale).toBe('long:320');
    });

    it('goes on where an earlier run stopped, with the same numbers', async () => {
      const again = await evaluate('--data', 'coco', '--out', 'again.json');
      expect(again.stderr).toMatch(/resumed: 20 of 20 images/);
      expect(recordOf(again).detection).toEqual(expected.detection);
      expect(recordOf(again).resumed?.images).toBe(photos);
    });

    it('several sizes are a matrix: each with its record, numbers and paired differences in one, on a sample, with the page', async () => {
      const lists = ['--data', 'coco', '--scale', 'long:160,320', '--sample', '8'];
      const outcome = await evaluate(...lists, '--out', 'matrix.json', '--report', 'page.html');
      expect(outcome.status, outcome.stderr).toBe(0);
      const record = recordOf(outcome);
      expect(record).toEqual(parseRecord(readFileSync(path.join(folder, 'matrix.json'), 'utf8'), 'matrix.json'));
      expect(record.dataset?.images).toBe(8);
      expect(record.matrix?.map(({ scale }) => scale)).toEqual(['long:160', 'long:320']);
      const [first, second] = record.matrix ?? [];
      const [was, is] = [first.values?.['detection.ap'] ?? 0, second.values?.['detection.ap'] ?? 0];
      expect(second.difference?.['detection.ap'].value).toBeCloseTo(is - was, 12);
      const [low, high] = second.difference?.['detection.ap'].interval ?? [];
      expect(low).toBeLessThanOrEqual(is - was);
      expect(high).toBeGreaterThanOrEqual(is - was);
      expect(second.detectMs?.images).toBe(8);
      expect(readFileSync(path.join(folder, 'page.html'), 'utf8')).toContain('long:160');
    });

    const forms: readonly { readonly form: string; readonly write: () => string[] }[] = [
      {
        form: 'csv',
        write: () => {
          const rows = images.flatMap(({ id, file_name }) => facesOf(id).map((box) => `${file_name},${box.join(',')}`));
          photographsIn('csv');
          write('csv/labels.csv', `image,x,y,w,h\n${rows.join('\n')}\n`);
          return ['--data', 'csv'];
        },
      },
      {
        form: 'voc',
        write: () => {
          for (const { id, file_name, width, height } of images) {
            const objects = facesOf(id).map(
              ([x, y, w, h]) =>
                `<object><name>face</name><difficult>0</difficult><bndbox><xmin>${x + 1}</xmin><ymin>${y + 1}</ymin><xmax>${x + w}</xmax><ymax>${y + h}</ymax></bndbox></object>`,
            );
            write(
              `voc/Annotations/${stem(file_name).replace('/', '__')}.xml`,
              `<annotation><filename>${file_name.replace('/', '__')}</filename><size><width>${width}</width><height>${height}</height><depth>3</depth></size>${objects.join('')}</annotation>`,
            );
          }
          photographsIn('voc', 'JPEGImages');
          return ['--data', 'voc'];
        },
      },
      {
        form: 'yolo',
        write: () => {
          for (const { id, file_name, width, height } of images) {
            const lines = facesOf(id).map(
              ([x, y, w, h]) => `0 ${(x + w / 2) / width} ${(y + h / 2) / height} ${w / width} ${h / height}`,
            );
            write(`yolo/labels/${stem(file_name)}.txt`, `${lines.join('\n')}\n`);
          }
          photographsIn('yolo', 'images');
          return ['--data', 'yolo'];
        },
      },
      {
        form: 'wider',
        write: () => {
          const lines = images.flatMap(({ id, file_name }) => [
            file_name,
            String(facesOf(id).length),
            ...facesOf(id).map((box) => `${box.join(' ')} 0 0 0 0 0 0`),
          ]);
          photographsIn('wider');
          write('wider.txt', `${lines.join('\n')}\n`);
          return ['--gt', 'wider.txt', '--images', 'wider'];
        },
      },
      {
        form: 'label-text',
        write: () => {
          const lines = images.flatMap(({ id, file_name }) => [
            `# ${file_name}`,
            ...facesOf(id).map((box) => `${box.join(' ')} ${'-1 -1 -1 '.repeat(5)}0.5`),
          ]);
          photographsIn('retina');
          write('label.txt', `${lines.join('\n')}\n`);
          return ['--gt', 'label.txt', '--images', 'retina'];
        },
      },
      {
        form: 'faces-json',
        write: () => {
          const own = images.map(({ id, file_name }) => ({
            name: stem(file_name),
            faces: facesOf(id).map((box) => ({ box })),
          }));
          photographsIn('own');
          write('own/annotations.json', JSON.stringify({ version: 1, images: own }));
          return ['--data', 'own'];
        },
      },
    ];
    it.each(forms)('gives the same numbers for annotations as $form', async ({ form, write: writeForm }) => {
      const args = writeForm();
      const outcome = await evaluate(...args, '--out', `${form}.json`);
      expect(outcome.status, outcome.stderr).toBe(0);
      expect(outcome.stderr).toMatch(new RegExp(`read as ${form}: 20 images, 1,016 faces`));
      const { detection } = recordOf(outcome);
      expect(detection?.faces.counted).toBe(1016);
      for (const [name, value] of Object.entries(expected.detection?.values ?? {})) {
        expect(detection?.values[name], name).toBeCloseTo(value, 9);
      }
    });

    it('refuses an annotated image without a file, or leaves it out when told', async () => {
      photographsIn('part');
      rmSync(path.join(folder, 'part', images[2].file_name));
      const refused = await evaluate('--gt', 'coco/annotations.json', '--images', 'part');
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain(`none for 1 (${images[2].file_name}); fix:`);
      const left = await evaluate('--gt', 'coco/annotations.json', '--images', 'part', '--missing', 'leave-out');
      expect(left.status).toBe(0);
      expect(recordOf(left).dataset?.images).toBe(photos - 1);
      expect(recordOf(left).warnings?.join()).toMatch(/missing-images: 1 of 20/);
    });

    it('detects and evaluates the images of --only alone, with the numbers that score gives of them, and resumes the same run', async () => {
      photographsIn('listed');
      const listed = [images[7], images[3], images[12]].map(({ file_name }) => file_name);
      // Names as view saves them, and as people write them: the order and the extension change nothing.
      write('listed.txt', `${listed.join('\n')}\n`);
      write(
        'stems.txt',
        listed
          .map((name) => `# ./${stem(name)}\r\n`)
          .reverse()
          .join(''),
      );
      const sources = ['--gt', 'coco/annotations.json', '--images', 'listed'];
      // An image that is not listed needs no file.
      rmSync(path.join(folder, 'listed', images[2].file_name));
      const outcome = await evaluate(...sources, '--only', 'listed.txt', '--out', 'listed.json');
      expect(outcome.status, outcome.stderr).toBe(0);
      const record = recordOf(outcome);
      expect(record.dataset?.images).toBe(3);
      expect(record.dataset?.notes).toContain('--only: 3 of 20 images, those of listed.txt.');
      expect(record.warnings?.join() ?? '').not.toContain('missing-images');
      expect(record.latencyMs?.detect?.n).toBe(3);

      const again = await evaluate(...sources, '--only', 'stems.txt', '--out', 'stems.json');
      expect(again.stderr).toMatch(/resumed: 3 of 3 images/);
      expect(recordOf(again).detection).toEqual(record.detection);
      expect(recordOf(again).dataset?.sha256).toBe(record.dataset?.sha256);

      // The run folder holds four images by now; the numbers are of those that are listed.
      write('others.txt', `${images[12].file_name}\n${images[5].file_name}\n`);
      const others = await evaluate(...sources, '--only', 'others.txt', '--out', 'others.json');
      expect(others.stderr).toMatch(/resumed: 1 of 2 images/);
      expect(recordOf(others).dataset?.images).toBe(2);
      expect(recordOf(others).dataset?.sha256).not.toBe(record.dataset?.sha256);
      const drawn = await evaluate(...sources, '--only', 'listed.txt', '--limit', '1', '--out', 'drawn.json');
      expect(recordOf(drawn).dataset?.notes).toContain('--limit: the first 1 of 3 images.');

      const run = readdirSync(path.join(folder, 'results', 'detect')).find((name) => name.includes('-listed-'));
      const pred = path.join('results', 'detect', run ?? 'none');
      const faces = ['--crowd', 'count', '--ignored', 'count', '--json'];
      const files = ['--gt', 'coco/annotations.json', '--pred', pred];
      const scored = await runIn(folder, 'score', ...files, '--only', 'listed.txt', ...faces);
      expect(scored.status, scored.stderr).toBe(0);
      expect(recordOf(scored).detection).toEqual(record.detection);
      expect(recordOf(scored).dataset?.groundTruthSha256).toBe(record.dataset?.groundTruthSha256);

      write('missing.txt', `${images[2].file_name}\n${images[3].file_name}\n`);
      const refused = await evaluate(...sources, '--only', 'missing.txt');
      expect(refused).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(
          `a file for each of 2 annotated images, got none for 1 (${images[2].file_name})`,
        ),
      });
    });

    it('names the data set by the folder that its images come from, whatever folder --data names beside it', async () => {
      photographsIn('taken');
      const sources = ['--data', 'coco', '--gt', 'coco/annotations.json', '--images', 'taken'];
      const outcome = await evaluate(...sources, '--sample', '2', '--out', 'taken.json');
      expect(outcome.status, outcome.stderr).toBe(0);
      expect(recordOf(outcome).dataset?.name).toBe('taken');
    });

    it('refuses annotations in shares of the image before it detects anything', async () => {
      const all = JSON.parse(readFileSync(path.join(folder, 'coco/annotations.json'), 'utf8')) as Coco;
      const annotations = all.annotations.map((face) => ({ ...face, bbox: face.bbox.map((side) => side / 10_000) }));
      write('shares.json', JSON.stringify({ ...all, annotations }));
      const read = await evaluate('--gt', 'shares.json', '--images', 'coco');
      expect(read.status).toBe(2);
      expect(read.stderr).toMatch(/shares\.json: expected boxes in pixels, got \d+ of which no number is above 1\.5/);
      const { status, stderr } = await evaluate('--gt', 'shares.json', '--images', 'coco', '--gt-units', 'pixels');
      expect(status).toBe(2);
      expect(stderr).toMatch(/shares\.json: expected annotations that can be scored, got: faces-relative/);
      expect(stderr).not.toMatch(/images\/s/);
    });

    it('refuses images of another size than their annotation says', async () => {
      const all = JSON.parse(readFileSync(path.join(folder, 'coco/annotations.json'), 'utf8')) as Coco;
      const resized = all.images.map((image, at) => (at === 4 ? { ...image, width: image.width / 2 } : image));
      write('resized.json', JSON.stringify({ ...all, images: resized }));
      const { status, stderr, stdout } = await evaluate('--gt', 'resized.json', '--images', 'coco');
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/sizes-differ: 1 of 20 images .*512 x 684 by its annotation, 1024 x 684 itself/);
    });
  },
);
