import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, runIn } from '../support/run-in.js';

const golden = path.resolve(
  import.meta.dirname,
  '../../../..',
  process.env.RETINABENCH_SHARED ?? '../shared',
  'golden',
  'coco',
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-score-any-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const score = (...args: string[]): Promise<Outcome> => runIn(folder, 'score', ...args);

function write(name: string, content: unknown): string {
  writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

function recordOf(stdout: string): ResultRecord {
  return parseRecord(stdout, 'standard output');
}

/** COCO annotations: by image its faces, x y w h and further fields. */
function coco(images: Readonly<Record<string, readonly (readonly [number[], object?])[]>>): unknown {
  const names = Object.keys(images);
  return {
    images: names.map((file_name, index) => ({ id: index + 1, file_name, width: 640, height: 480 })),
    annotations: names
      .flatMap((name, index) => images[name].map(([bbox, more]) => ({ image_id: index + 1, bbox, ...more })))
      .map((face, index) => ({
        id: index + 1,
        category_id: 1,
        iscrowd: 0,
        area: face.bbox[2] * face.bbox[3],
        ...face,
      })),
    categories: [{ id: 1, name: 'face' }],
  };
}

/** COCO results: rows of image id, x, y, w, h, score. */
function results(...rows: readonly (readonly number[])[]): unknown {
  return rows.map(([image_id, x, y, w, h, value]) => ({ image_id, category_id: 1, bbox: [x, y, w, h], score: value }));
}

describe('retinabench score', () => {
  const twoImages = coco({ 'a.jpg': [[[0, 0, 20, 20]], [[100, 0, 20, 20]]], 'b.jpg': [[[10, 10, 40, 40]]] });

  it('scores one detection, and equal scores under --force: nothing normalises them', async () => {
    // One face and a detection on it: precision and recall are 1.
    write('one-gt.json', coco({ 'a.jpg': [[[0, 0, 20, 20]]] }));
    write('one.json', results([1, 0, 0, 20, 20, 0.9]));
    const files = ['--gt', 'one-gt.json', '--no-interval', '--json'];
    const one = await score(...files, '--pred', 'one.json');
    expect([one.status, recordOf(one.stdout).detection?.values.ap]).toEqual([0, 1]);
    write('equal.json', results([1, 0, 0, 20, 20, 0.9], [1, 100, 100, 20, 20, 0.9]));
    const refused = await score(...files, '--pred', 'equal.json');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/constant-scores.*or --force/s)]);
    expect((await score(...files, '--pred', 'equal.json', '--force')).status).toBe(0);
  });

  it('names --metric where the WIDER FACE rules, which normalise scores, cannot take one detection', async () => {
    write('one-gt.json', coco({ 'a.jpg': [[[0, 0, 20, 20]]] }));
    write('one.json', results([1, 0, 0, 20, 20, 0.9]));
    const both = ['--gt', 'one-gt.json', '--pred', 'one.json', '--metric', 'coco,wider'];
    expect(await score(...both)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/got 1 times 0\.9.*leave wider out of --metric/),
    });
  });

  it('says in one line under --quiet what it recognised', async () => {
    write('one-gt.json', coco({ 'a.jpg': [[[0, 0, 20, 20]]] }));
    write('one.json', results([1, 0, 0, 20, 20, 0.9]));
    const { stderr } = await score('--gt', 'one-gt.json', '--pred', 'one.json', '--no-interval', '--quiet', '--json');
    expect(stderr.split('\n').filter((line) => line.includes('read as'))).toEqual([
      expect.stringMatching(/^annotations: one-gt\.json read as coco.*; predictions: one\.json read as coco-results/),
    ]);
  });

  it('prints the numbers, says what it recognised and writes a record', async () => {
    // Hit 0.9, false positive 0.8, hit 0.7, hit 0.1: precision 1, 1/2, 2/3, 3/4 at recall 1/3, 1/3, 2/3, 1. The envelope is 1 up to
    // recall 1/3 (34 of 101 recalls: 0, 0.01 ... 0.33) and 3/4 beyond.
    write('gt.json', twoImages);
    write(
      'pred.json',
      results([1, 0, 0, 20, 20, 0.9], [1, 300, 0, 20, 20, 0.8], [1, 100, 0, 20, 20, 0.7], [2, 10, 10, 40, 40, 0.1]),
    );
    const { status, stdout, stderr } = await score(
      '--gt',
      'gt.json',
      '--pred',
      'pred.json',
      '--json',
      '--out',
      'record.json',
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/gt\.json read as coco.*2 images, 3 faces/);
    expect(stderr).toMatch(/pred\.json read as coco-results.*4 detections; images matched by id/);
    const record = recordOf(stdout);
    expect(record.kind).toBe('detection');
    const { values, points } = record.detection ?? {};
    expect(values?.ap50).toBeCloseTo((34 + 67 * 0.75) / 101, 12);
    // All boxes are exact, so that AP is the same at every IoU.
    expect(values?.ap).toBeCloseTo(values?.ap50 ?? 0, 12);
    // Area under the envelope: 1/3 + 2/3 x 3/4.
    expect(values?.['voc.allPoint']).toBeCloseTo(5 / 6, 12);
    // F1 of all four: 2 x 3 / (4 + 3).
    expect(values?.f1).toBeCloseTo(6 / 7, 12);
    expect(points?.bestF1?.score).toBe(0.1);
    expect(points?.atScore?.fppi).toBe(0.5);
    expect(record.dataset).toMatchObject({ name: 'gt', images: 2 });
    expect(recordOf(readFileSync(path.join(folder, 'record.json'), 'utf8'))).toEqual(record);
  });

  it('says that --out replaces a record of other predictions or another data set, and nothing of one of the same', async () => {
    write('gt.json', twoImages);
    write('other-gt.json', coco({ 'a.jpg': [[[0, 0, 20, 20]]], 'b.jpg': [[[10, 10, 40, 40]]] }));
    for (const name of ['one.json', 'two.json']) {
      write(name, results([1, 0, 0, 20, 20, 0.9], [2, 10, 10, 40, 40, 0.7]));
    }
    const into = async (gt: string, pred: string): Promise<string> =>
      (await score('--gt', gt, '--pred', pred, '--out', 'replaced.json')).stderr;
    expect(await into('gt.json', 'one.json')).not.toContain('replaces');
    expect(await into('gt.json', 'one.json')).not.toContain('replaces');
    expect(await into('gt.json', 'two.json')).toContain(
      'note: replaced.json held a record of other conditions, which this one replaces (predictions one.json, now two.json)',
    );
    expect(await into('other-gt.json', 'two.json')).toMatch(
      /replaces \(data set gt \(\w{12}\), now other-gt \(\w{12}\)\)/,
    );
  });

  it('says at which IoU and by which rule the AP of a breakdown is', async () => {
    write('gt.json', twoImages);
    // The first box is 20 x 20 on a face of 20 x 20, moved by 4: IoU 16 x 20 / (2 x 400 - 320) = 2/3, a hit at 0.5 and none at 0.7.
    write('moved.json', results([1, 4, 0, 20, 20, 0.9], [1, 100, 0, 20, 20, 0.8], [2, 10, 10, 40, 40, 0.7]));
    const args = ['--gt', 'gt.json', '--pred', 'moved.json', '--metric', 'coco'];
    // Height 16-32 has two faces: both found; at 0.7 a false positive, then one of two: precision 1/2 up to recall 1/2, 51 recalls of 101.
    const rule = '(COCO, 101 recalls, no limit of detections) by height: 16-32';
    expect((await score(...args)).stdout).toContain(`AP at IoU 0.5 ${rule} 1.0000 (2), 32-64 1.0000 (1)`);
    expect((await score(...args, '--iou', '0.7')).stdout).toContain(
      `AP at IoU 0.7 ${rule} ${(25.5 / 101).toFixed(4)} (2)`,
    );
  });

  it('names the AP of --tide, and answers --want for what is asked alone', async () => {
    write('gt.json', twoImages);
    write('pred.json', results([1, 0, 0, 20, 20, 0.9], [1, 100, 0, 20, 20, 0.8], [2, 10, 10, 40, 40, 0.7]));
    const args = ['--gt', 'gt.json', '--pred', 'pred.json', '--tide', '--calibration', '--want', 'recall=0.9'];
    const { stdout, status } = await score(...args, '--out', 'asked.json');
    expect(status).toBe(0);
    expect(stdout).toContain('AP (uncapped.ap50) 100.00 of 3 faces');
    expect(stdout.match(/^ *(precision|recall|fppi|f1|score)=\S+/gm)?.map((row) => row.trim())).toEqual(['recall=0.9']);
    const { operating } = recordOf(readFileSync(path.join(folder, 'asked.json'), 'utf8'));
    // 0.9 of three faces is all three: the lowest score of them.
    expect(operating?.points).toMatchObject([{ wanted: 'recall=0.9', score: 0.7, recall: 1 }]);
    expect(operating?.unreached).toBeUndefined();
    const limited = await score(...args, '--tide-max-dets', '100');
    expect(limited.stdout).toContain('AP at IoU 0.5 100.00 of 3 faces');
  });

  it('scores the images of --only alone, as a list names them, under a digest of their own', async () => {
    write('gt.json', twoImages);
    write(
      'pred.json',
      results([1, 0, 0, 20, 20, 0.9], [1, 300, 0, 20, 20, 0.8], [1, 100, 0, 20, 20, 0.7], [2, 10, 10, 40, 40, 0.1]),
    );
    const numbers = async (...only: string[]): Promise<ResultRecord> => {
      const { status, stdout, stderr } = await score('--gt', 'gt.json', '--pred', 'pred.json', '--json', ...only);
      expect(status, stderr).toBe(0);
      return recordOf(stdout);
    };
    // Of a.jpg: hit 0.9, false positive 0.8, hit 0.7: precision 1 up to recall 1/2 (51 of 101 recalls), then 2/3.
    const first = await numbers('--only', write('first.txt', 'a.jpg\n'));
    expect(first.detection?.values.ap50).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 12);
    expect(first.detection?.faces.counted).toBe(2);
    expect(first.dataset).toMatchObject({ name: 'gt', images: 1 });
    expect(first.dataset?.notes).toContain('--only: 1 of 2 images, those of first.txt.');
    expect(first.warnings?.join() ?? '').not.toMatch(/unknown-images|missing-images/);
    // Of b.jpg: one face, found.
    const second = await numbers('--only', write('second.txt', '\n# ./b\r\n'));
    expect([second.detection?.values.ap50, second.dataset?.images]).toEqual([1, 1]);
    const whole = await numbers();
    const both = await numbers('--only', write('both.txt', '/b.JPEG\na\n'));
    expect(both.detection).toEqual(whole.detection);
    expect(both.dataset?.sha256).toBe(whole.dataset?.sha256);
    expect(new Set([first, second, whole].map(({ dataset }) => dataset?.sha256)).size).toBe(3);
    // Predictions are asked for of listed images alone.
    write('of-b.json', results([2, 10, 10, 40, 40, 0.1]));
    const ofB = await score('--gt', 'gt.json', '--pred', 'of-b.json', '--only', 'second.txt', '--json');
    expect([ofB.status, recordOf(ofB.stdout).detection]).toEqual([0, second.detection]);
    const ofA = await score('--gt', 'gt.json', '--pred', 'of-b.json', '--only', 'first.txt');
    expect(ofA).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/none for 1 image \(a\.jpg\) of 1 annotated.*with 2 annotated faces/),
    });
    const left = await score('--gt', 'gt.json', '--pred', 'of-b.json', '--only', 'first.txt', '--missing', 'leave-out');
    expect(left).toMatchObject({ status: 2, stderr: expect.stringContaining('--missing leave-out leaves none') });
  });

  it.each([
    ['a.jpg\n\nc.jpg\n', /list\.txt:3: expected an image of gt\.json, such as "a\.jpg", got "c\.jpg"/],
    ['a.png\n', /list\.txt:1: expected an image of gt\.json, .* got "a\.png"/],
    ['a.jpg\nb\n./a\n', /list\.txt:3: expected each image once, got "a\.jpg", which line 1 names, too/],
    ['\n  \n', /list\.txt: expected images of gt\.json, a name a line, got an empty list/],
    ['x/d\n', /list\.txt:1: expected the name of one image, got "x\/d", which may be "x\/d\.jpg" or "x\/d\.png"/],
  ])('refuses the list %j of --only by file and line', async (list, message) => {
    const face: readonly [number[]] = [[0, 0, 20, 20]];
    write('gt.json', coco({ 'a.jpg': [face], 'b.jpg': [face], 'x/d.jpg': [face], 'x/d.png': [face] }));
    write('one.json', results([1, 0, 0, 20, 20, 0.9]));
    const refused = await score('--gt', 'gt.json', '--pred', 'one.json', '--only', write('list.txt', list));
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  it('refuses annotated images without predictions unless a flag says what becomes of them', async () => {
    write('gt.json', twoImages);
    write('part.json', results([1, 0, 0, 20, 20, 0.9], [1, 100, 0, 20, 20, 0.8]));
    const refused = await score('--gt', 'gt.json', '--pred', 'part.json');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/none for 1 image \(b\.jpg\) of 2 annotated.*1 annotated faces.*--missing empty/);
    const empty = await score('--gt', 'gt.json', '--pred', 'part.json', '--missing', 'empty', '--json');
    expect(empty.status).toBe(0);
    expect(recordOf(empty.stdout).detection?.values['voc.allPoint']).toBeCloseTo(2 / 3, 12);
    expect(recordOf(empty.stdout).warnings?.join()).toMatch(/missing-images: 1 image \(b\.jpg\)/);
    const left = await score('--gt', 'gt.json', '--pred', 'part.json', '--missing', 'leave-out', '--json');
    expect(recordOf(left.stdout).detection?.values['voc.allPoint']).toBe(1);
    expect(recordOf(left.stdout).dataset?.images).toBe(1);
  });

  it('makes flagged faces count, be ignored, take any number of detections or go, each with its own protocol', async () => {
    write('gt.json', coco({ 'a.jpg': [[[0, 0, 20, 20]], [[100, 0, 40, 40], { ignore: 1 }]] }));
    // Two detections inside of the ignored face: 30 x 40 of 40 x 40 has IoU 0.75, 20 x 20 has 0.25.
    write('pred.json', results([1, 0, 0, 20, 20, 0.5], [1, 100, 0, 30, 40, 0.9], [1, 100, 0, 20, 20, 0.8]));
    const numbers = async (how: string): Promise<unknown[]> => {
      const { stdout } = await score('--gt', 'gt.json', '--pred', 'pred.json', '--ignored', how, '--json', '--force');
      const record = recordOf(stdout);
      return [record.detection?.faces.counted, record.detection?.values.ap50, record.protocol.id];
    };
    const [count, ignore, crowd, drop] = [
      await numbers('count'),
      await numbers('ignore'),
      await numbers('crowd'),
      await numbers('drop'),
    ];
    // Hit, false positive, hit: precision 1 to recall 1/2 (51 of 101 recalls), 2/3 beyond.
    expect(count.slice(0, 2)).toEqual([2, expect.closeTo((51 + 50 * (2 / 3)) / 101, 12)]);
    // The better one is ignored, the other false, then the hit: 1/2.
    expect(ignore.slice(0, 2)).toEqual([1, 0.5]);
    expect(crowd.slice(0, 2)).toEqual([1, 1]);
    expect(drop.slice(0, 2)).toEqual([1, expect.closeTo(1 / 3, 12)]);
    expect(new Set([count, ignore, crowd, drop].map(([, , id]) => id)).size).toBe(4);
  });

  it('refuses annotations of which no face counts, and predictions without a detection', async () => {
    write('gt.json', coco({ 'a.jpg': [[[0, 0, 20, 20], { ignore: 1 }]] }));
    write('pred.json', results([1, 0, 0, 20, 20, 0.5]));
    const none = await score('--gt', 'gt.json', '--pred', 'pred.json');
    expect(none.status).toBe(2);
    expect(none.stderr).toMatch(/expected annotated faces that count, got none of 1; --ignored count/);
    write('gt.json', twoImages);
    write('none.json', '[]');
    const empty = await score('--gt', 'gt.json', '--pred', 'none.json', '--missing', 'empty');
    expect(empty.status).toBe(2);
    expect(empty.stderr).toMatch(/expected detections, got none/);
  });

  it('breaks down by an attribute of the annotations, and refuses one that they lack', async () => {
    write(
      'gt.csv',
      'image,x,y,w,h,mood,age\na.jpg,0,0,20,20,happy,20\na.jpg,100,0,20,20,sad,40\nb.jpg,10,10,40,40,happy,60\n',
    );
    write('pred.csv', 'image,x,y,w,h,score\na.jpg,0,0,20,20,0.9\na.jpg,300,0,20,20,0.8\nb.jpg,10,10,40,40,0.7\n');
    const { stdout } = await score('--gt', 'gt.csv', '--pred', 'pred.csv', '--by', 'mood', '--by', 'age=30', '--json');
    // Happy: hit, false positive, hit of two faces; the sad face is not found.
    expect(recordOf(stdout).breakdown?.mood).toEqual({
      happy: { faces: 2, ap: expect.closeTo((51 + 50 * (2 / 3)) / 101, 12), recall: 1 },
      sad: { faces: 1, ap: 0, recall: 0 },
    });
    expect(Object.keys(recordOf(stdout).breakdown?.age ?? {})).toEqual(['<30', '>=30']);
    const missing = await score('--gt', 'gt.csv', '--pred', 'pred.csv', '--by', 'height');
    expect(missing.status).toBe(2);
    expect(missing.stderr).toMatch(/expected an attribute of the annotations, mood, age, got height/);
  });
});

describe.skipIf(!existsSync(golden))('retinabench score on golden/coco (needs the shared data folder)', () => {
  interface Golden {
    readonly forms: Readonly<Record<string, { readonly numbers: Readonly<Record<string, number>> }>>;
  }
  interface Result {
    readonly image_id: number;
    readonly bbox: readonly number[];
    readonly score: number;
  }
  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(golden, name), 'utf8'));

  beforeAll(() => {
    const { images } = read('ground-truth.json') as { images: { id: number; file_name: string }[] };
    const names = new Map(images.map(({ id, file_name }) => [id, file_name]));
    const rows = (read('predictions.json') as Result[]).map(
      ({ image_id, bbox, score: value }) => `${names.get(image_id)},${bbox.join(',')},${value}`,
    );
    write('predictions.csv', `image,x,y,w,h,score\n${rows.join('\n')}\n`);
  });

  const forms: readonly (readonly [form: string, gt: string, pred: string, flags: string])[] = [
    ['csv, ignored faces as crowd', 'ground-truth.json', 'predictions.json', ''],
    ['csv, all faces counted', 'ground-truth.json', 'predictions.json', '--crowd count --ignored count'],
    ['csv, ignored faces as crowd', 'ground-truth.csv', 'predictions.csv', '--ignored crowd'],
    ['csv, all faces counted', 'ground-truth.csv', 'predictions.csv', '--ignored count'],
    ['ignored faces left out altogether', 'ground-truth.csv', 'predictions.csv', '--ignored drop'],
    ['voc, difficult faces as crowd', 'voc', 'yolo/predictions', '--difficult crowd'],
    ['voc, all faces counted', 'voc', 'yolo/predictions', '--difficult count'],
    ['yolo labels, yolo predictions', 'yolo', 'yolo/predictions', ''],
    ['yolo labels, predictions.json', 'ground-truth.csv', 'yolo/predictions', '--ignored count'],
  ];
  it.each(forms)('gives the numbers of "%s" for %s and %s %s', async (form, gt, pred, flags) => {
    const place = (name: string): string => (existsSync(path.join(golden, name)) ? path.join(golden, name) : name);
    const given = flags === '' ? [] : flags.split(' ');
    const { status, stdout } = await score(
      '--gt',
      place(gt),
      '--pred',
      place(pred),
      ...given,
      '--json',
      '--no-interval',
    );
    expect(status).toBe(0);
    const expected = (read('reference.json') as Golden).forms[form].numbers;
    const values = recordOf(stdout).detection?.values;
    for (const [name, key] of [
      ['AP', 'ap'],
      ['AP50', 'ap50'],
      ['AP75', 'ap75'],
      ['APsmall', 'apSmall'],
      ['AR100', 'ar100'],
    ]) {
      expect(values?.[key], name).toBeCloseTo(expected[name], 12);
    }
  });
});
