import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIn } from '../support/run-in.js';

const golden = path.resolve(
  import.meta.dirname,
  '../../../..',
  process.env.RETINABENCH_SHARED ?? '../shared',
  'golden',
  'coco',
);

interface Detection {
  readonly image_id: number;
  readonly bbox: readonly number[];
  readonly score: number;
}

type Size = readonly [width: number, height: number];

/** Each a mistake that users make, the code and flag that name it. */
const faults: readonly {
  readonly name: string;
  readonly code: string;
  readonly flag: readonly string[];
  readonly change: (detection: Detection, size: Size) => Detection | Detection[] | undefined;
}[] = [
  {
    name: 'normalised boxes',
    code: 'normalised-boxes',
    flag: ['--box-frame', 'stretch:1'],
    change: box(([x, y, w, h], [width, height]) => [x / width, y / height, w / width, h / height]),
  },
  {
    name: 'corners written for width and height',
    code: 'corner-boxes',
    flag: ['--boxes', 'xyxy'],
    change: box(([x, y, w, h]) => [x, y, x + w, y + h]),
  },
  {
    name: 'mirrored boxes',
    code: 'mirrored-boxes',
    flag: ['--mirrored', 'x'],
    change: box(([x, y, w, h], [width]) => [width - x - w, y, w, h]),
  },
  {
    name: 'boxes of images of half the size',
    code: 'resized-boxes',
    flag: ['--box-scale', '2'],
    change: box(([x, y, w, h]) => [x / 2, y / 2, w / 2, h / 2]),
  },
  {
    name: 'inverted scores',
    code: 'scores-inverted',
    flag: ['--scores', 'inverted'],
    change: (detection) => ({ ...detection, score: 1 - detection.score }),
  },
  {
    name: 'every detection twice',
    code: 'duplicate-lines',
    flag: ['--drop-duplicates'],
    change: (detection) => [detection, detection],
  },
  {
    name: 'detections of the image before',
    code: 'shifted-images',
    flag: ['--file-shift', '-1'],
    change: (detection) => ({ ...detection, image_id: (detection.image_id % 151) + 1 }),
  },
];

function box(change: (bbox: readonly number[], size: Size) => readonly number[]) {
  return (detection: Detection, size: Size): Detection => ({ ...detection, bbox: change(detection.bbox, size) });
}

describe.skipIf(!existsSync(golden))(
  'retinabench score on predictions that are wrong (needs the shared data folder)',
  () => {
    const truth = path.join(golden, 'ground-truth.json');
    let folder: string;
    let detections: readonly Detection[];
    let sizes: ReadonlyMap<number, Size>;
    let right: number | undefined;

    const score = (file: string, ...flags: string[]) =>
      runIn(folder, 'score', '--gt', truth, '--pred', file, '--metric', 'coco', '--no-interval', '--json', ...flags);
    const ap50 = (stdout: string): number | undefined => parseRecord(stdout, 'standard output').detection?.values.ap50;

    beforeAll(async () => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-wrong-'));
      detections = JSON.parse(readFileSync(path.join(golden, 'predictions.json'), 'utf8')) as Detection[];
      const { images } = JSON.parse(readFileSync(truth, 'utf8')) as {
        images: { id: number; width: number; height: number }[];
      };
      sizes = new Map(images.map(({ id, width, height }) => [id, [width, height]]));
      right = ap50((await score(path.join(golden, 'predictions.json'))).stdout);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const write = (name: string, change: (typeof faults)[number]['change']): string => {
      const changed = detections.flatMap((own) => change({ ...own }, sizes.get(own.image_id) ?? [1, 1]) ?? []);
      writeFileSync(path.join(folder, name), JSON.stringify(changed));
      return name;
    };

    it.each(faults)('refuses $name, and scores them with the flag that it names', async ({ code, flag, change }) => {
      const file = write(`${code}.json`, change);
      const refused = await score(file);
      expect(refused.status).toBe(2);
      expect(refused.stdout).toBe('');
      expect(refused.stderr).toContain(`error: ${code}: `);
      expect(refused.stderr).toContain(`fix: ${flag.join(' ')}`);
      const corrected = await score(file, ...flag);
      expect(corrected.status).toBe(0);
      expect(ap50(corrected.stdout)).toBeCloseTo(right ?? Number.NaN, 3);
      // Said in the record, too: how the numbers were read.
      expect(parseRecord(corrected.stdout, 'standard output').dataset?.notes?.join()).toContain(flag.join(' '));
    });

    it('refuses a run of which every second image is empty, and goes on under --force with the doubt in the record', async () => {
      const file = write('half.json', (own) => (own.image_id % 2 === 1 ? own : undefined));
      const refused = await score(file, '--missing', 'empty');
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(/error: images-empty: 75 of 151 .* --missing leave-out/s);
      const forced = await score(file, '--missing', 'empty', '--force');
      expect(forced.status).toBe(0);
      const warnings = parseRecord(forced.stdout, 'standard output').warnings ?? [];
      expect(warnings.map((text) => text.split(':')[0])).toEqual(
        expect.arrayContaining(['missing-images', 'images-empty']),
      );
      expect(ap50(forced.stdout)).toBeLessThan(0.7 * (right ?? 0));
    });

    it('says what the order of equal scores can do to AP', async () => {
      const rounded = write('rounded.json', (own) => ({ ...own, score: Number(own.score.toFixed(1)) }));
      const { status, stdout } = await score(rounded);
      expect(status).toBe(0);
      const warnings = parseRecord(stdout, 'standard output').warnings ?? [];
      const tied = warnings.find((text) => text.startsWith('scores-tied'));
      expect(tied).toMatch(/100\.0 % of the detections .* by their order alone; write scores with more digits/);
      const [, low = 0, high = 0] = /is ([\d.]+) to ([\d.]+)/.exec(tied ?? '')?.map(Number) ?? [];
      expect(high - low).toBeGreaterThan(0.02);
      const sound = parseRecord((await score(path.join(golden, 'predictions.json'))).stdout, 'standard output');
      expect(sound.warnings?.join() ?? '').not.toContain('scores-tied');
    });

    it('blames annotations whose corners stand for width and height, not the predictions', async () => {
      const all = JSON.parse(readFileSync(truth, 'utf8')) as { annotations: { bbox: number[]; area: number }[] };
      const annotations = all.annotations.map((face) => {
        const [x, y, w, h] = face.bbox;
        return { ...face, bbox: [x, y, x + w, y + h], area: (x + w) * (y + h) };
      });
      writeFileSync(path.join(folder, 'corners.json'), JSON.stringify({ ...all, annotations }));
      const pred = path.join(golden, 'predictions.json');
      const { status, stdout, stderr } = await runIn(folder, 'score', '--gt', 'corners.json', '--pred', pred, '--json');
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/error: faces-outside: .* annotated faces .* lie outside their image/);
      expect(stderr).toMatch(
        /expected annotations that can be scored, got: faces-outside; fix: say how the annotations/,
      );
      expect(stderr).not.toContain('boxes are not x, y');
    });

    it.each([
      ['cx cy h w', [0, 1, 2, 4, 3, 5]],
      ['cy cx w h', [0, 2, 1, 3, 4, 5]],
      ['cy cx h w', [0, 2, 1, 4, 3, 5]],
    ])('refuses YOLO predictions written as %s and names the order', async (written, order) => {
      const source = path.join(golden, 'yolo', 'predictions');
      const name = written.replaceAll(' ', '-');
      for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.txt')) continue;
        const lines = readFileSync(path.join(source, file), 'utf8').split('\n');
        const swapped = lines.map((line) => (line === '' ? '' : order.map((at) => line.split(' ')[at]).join(' ')));
        mkdirSync(path.dirname(path.join(folder, name, file)), { recursive: true });
        writeFileSync(path.join(folder, name, file), swapped.join('\n'));
      }
      const { status, stdout, stderr } = await score(name);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain('error: exchanged-axes: the boxes were written in parts of the image with ');
      expect(stderr).toContain(`exchanged (${written}): so read`);
      expect(stderr).toContain('fix: write the numbers of each box in the order cx cy w h');
    });

    it('warns of images that are listed but were not annotated, and not of the set as it is', async () => {
      const all = JSON.parse(readFileSync(truth, 'utf8')) as { annotations: { image_id: number }[] };
      const annotations = all.annotations.filter(({ image_id }) => image_id > 19);
      writeFileSync(path.join(folder, 'part.json'), JSON.stringify({ ...all, annotations }));
      const pred = path.join(golden, 'predictions.json');
      const { status, stdout, stderr } = await runIn(folder, 'score', '--gt', 'part.json', '--pred', pred, '--json');
      expect(status).toBe(0);
      expect(stderr).toMatch(/warning: images-unannotated: 19 of 151 images have no annotated face, and \d+ of them/);
      expect(parseRecord(stdout, 'standard output').warnings?.join()).toContain('images-unannotated');
      expect((await score(pred)).stderr).not.toContain('images-unannotated');
    });

    it('scores percentages as they are, since AP depends on their order alone, and says that thresholds are in them', async () => {
      const { status, stdout } = await score(write('percent.json', (own) => ({ ...own, score: 100 * own.score })));
      expect(status).toBe(0);
      expect(ap50(stdout)).toBe(right);
      expect(parseRecord(stdout, 'standard output').warnings?.join()).toMatch(/scores-outside-0-1: .*--scores percent/);
    });
  },
);
