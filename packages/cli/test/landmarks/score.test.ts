import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeNpyHeader, readNpyArray } from '@retinabench/files';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

const shared = process.env.RETINABENCH_SHARED ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const golden = (name: string): string => path.join(shared, 'golden/landmarks', name);

let folder: string;
let out: string;
let printed: string;
let errors: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cli-landmarks-'));
  out = path.join(folder, 'record.json');
  printed = '';
  errors = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += text;
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** Run `retinabench landmarks score` and give its exit code. */
async function score(...args: readonly string[]): Promise<number> {
  return runProgram(await buildProgram(), ['node', 'retinabench', 'landmarks', 'score', ...args, '--out', out]);
}

async function readRecord(): Promise<ResultRecord> {
  return parseRecord(await readFile(out, 'utf8'), out);
}

/** Five points of a face 40 pixels wide at (x, y). */
const face = (x: number, y: number): number[] => [x, y, x + 40, y, x + 20, y + 20, x + 5, y + 40, x + 35, y + 40];

async function array(name: string, values: readonly number[], shape: readonly number[]): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, Buffer.concat([encodeNpyHeader('<f8', shape), Buffer.from(Float64Array.from(values).buffer)]));
  return file;
}

describe('retinabench landmarks score', () => {
  it('scores rows of arrays, and writes a record of every number', async () => {
    const truth = await array('truth.npy', [...face(10, 10), ...face(100, 50)], [2, 5, 2]);
    // The first face lies 4 pixels to the right, 4 / 40 of the eye distance; the second is missed.
    const mine = await array('mine.npy', [...face(14, 10), ...new Array<number>(10).fill(Number.NaN)], [2, 10]);
    const code = await score('--gt', truth, '--pred', mine, '--normaliser', 'eye-centres', '--threshold', '0.1,0.2');
    expect(code).toBe(0);
    const { kind, landmarks, protocol, warnings } = await readRecord();
    expect(kind).toBe('landmarks');
    expect(landmarks).toMatchObject({
      matchedOnly: { faces: 1, nme: expect.closeTo(0.1, 12), failureRate: { '0.1': 0, '0.2': 0 } },
      missesAsFailures: { faces: 2, missed: 1, failureRate: { '0.1': 0.5, '0.2': 0.5 } },
      nmeWithMissesAsOne: expect.closeTo(0.55, 12),
      images: [
        { name: 'row 0', errors: [expect.closeTo(0.1, 12)] },
        { name: 'row 1', errors: [-1] },
      ],
    });
    expect(protocol).toMatchObject({
      points: 'five',
      normaliser: 'eye-centres',
      pairing: 'row',
      thresholds: [0.1, 0.2],
    });
    expect(warnings?.map((warning) => warning.split(':')[0])).toEqual(['points-missing', 'faces-missed']);
  });

  it('a predicted face whose points are all 0 is missing, not 60 faces off', async () => {
    const truth = await array('truth.npy', [...face(10, 10), ...face(100, 50), ...face(300, 90)], [3, 5, 2]);
    const zeros = new Array<number>(10).fill(0);
    const mine = await array('mine.npy', [...face(14, 10), ...zeros, ...face(304, 90)], [3, 5, 2]);
    expect(await score('--gt', truth, '--pred', mine, '--normaliser', 'eye-centres')).toBe(0);
    const { landmarks, warnings } = await readRecord();
    expect(landmarks).toMatchObject({
      incomplete: 1,
      matchedOnly: { faces: 2, nme: expect.closeTo(0.1, 12) },
      missesAsFailures: { faces: 3, missed: 1 },
    });
    expect(warnings?.[0]).toMatch(/^points-missing: 1 of 3 faces/);
  });

  it('another normaliser is another protocol, and none is refused', async () => {
    const truth = await array('truth.npy', face(10, 10), [1, 5, 2]);
    const mine = await array('mine.npy', face(11, 10), [1, 5, 2]);
    const ids = [];
    for (const normaliser of ['eye-centres', 'points-box', 'pixels']) {
      expect(await score('--gt', truth, '--pred', mine, '--normaliser', normaliser)).toBe(0);
      ids.push((await readRecord()).protocol.id);
    }
    expect(new Set(ids).size).toBe(3);
    expect((await readRecord()).protocol.thresholds).toEqual([5, 10]);
    expect(await score('--gt', truth, '--pred', mine)).toBe(2);
    expect(errors).toContain('give --normaliser outer-corners, eye-centres');
    expect(await score('--gt', truth, '--pred', mine, '--normaliser', 'outer-corners')).toBe(2);
    expect(errors).toContain('the points five have no outer eye corners');
  });

  it('columns split the faces; boxes and hidden points come from files of their own', async () => {
    const truth = await array('truth.npy', [...face(0, 0), ...face(0, 0), ...face(0, 0)], [3, 5, 2]);
    const mine = await array('mine.npy', [...face(2, 0), ...face(4, 0), ...face(6, 0)], [3, 5, 2]);
    const yaw = await array('yaw.npy', [10, -40, -351], [3]);
    // Boxes from (0, 0) to (50, 50): errors 2, 4 and 6 over 50.
    const boxes = await array('boxes.npy', [0, 0, 50, 50, 0, 0, 50, 50, 0, 0, 50, 50], [3, 4]);
    const flags = ['--gt', truth, '--pred', mine, '--normaliser', 'box', '--gt-boxes-file', boxes];
    const code = await score(...flags, '--gt-boxes', 'xyxy', '--gt-column', `yaw=${yaw}`, '--bins', 'yaw');
    expect(code).toBe(0);
    const { landmarks, protocol } = await readRecord();
    expect(protocol.bins).toEqual(['|yaw|:30,60']);
    expect(landmarks?.bins?.yaw).toMatchObject({
      '|yaw| <= 30': { faces: 1, nme: expect.closeTo(0.04, 12) },
      '30 < |yaw| <= 60': { faces: 1, nme: expect.closeTo(0.08, 12) },
      '|yaw| > 60': { faces: 1, nme: expect.closeTo(0.12, 12) },
    });
    expect(landmarks?.meanOfBins?.yaw).toBeCloseTo(0.08, 12);
    expect(await score(...flags)).toBe(2);
    expect(errors).toContain('--gt-boxes xywh or xyxy');
    expect(await score(...flags, '--gt-boxes', 'xywh', '--bins', 'pitch')).toBe(2);
    expect(errors).toContain('expected a column pitch to split by, got none');
  });

  it('folders of .pts are paired by name, two single files with each other; the first pixel is 1', async () => {
    const pts = (points: readonly number[]): string =>
      `version: 1\nn_points: 5\n{\n${[0, 1, 2, 3, 4].map((i) => `${points[2 * i]} ${points[2 * i + 1]}`).join('\n')}\n}\n`;
    for (const side of ['gt', 'pred']) {
      await mkdir(path.join(folder, side, 'sub'), { recursive: true });
      await writeFile(path.join(folder, side, 'sub', 'b.pts'), pts(face(side === 'gt' ? 10 : 12, 10)));
    }
    await writeFile(path.join(folder, 'gt', 'a.pts'), pts(face(10, 10)));
    const common = ['--normaliser', 'pixels', '--threshold', '3'];
    expect(await score('--gt', path.join(folder, 'gt'), '--pred', path.join(folder, 'pred'), ...common)).toBe(0);
    expect((await readRecord()).landmarks).toMatchObject({
      matchedOnly: { faces: 1, nme: expect.closeTo(2, 12) },
      missesAsFailures: { faces: 2, missed: 1 },
      images: [
        { name: 'a', errors: [-1] },
        { name: 'sub/b', errors: [expect.closeTo(2, 12)] },
      ],
    });
    expect(errors).toContain('gt: .pts count points from 1, as 300-W does: 1 is subtracted');
    const [a, b] = [path.join(folder, 'gt/a.pts'), path.join(folder, 'pred/sub/b.pts')];
    expect(await score('--gt', a, '--pred', b, ...common)).toBe(0);
    // Held against rows that count from 0: the file's points lie one pixel up and left of them.
    const rows = await array('rows.npy', face(10, 10), [1, 5, 2]);
    expect(await score('--gt', a, '--pred', rows, ...common)).toBe(0);
    expect((await readRecord()).landmarks?.matchedOnly?.nme).toBeCloseTo(Math.SQRT2, 12);
    expect(await score('--gt', a, '--pred', rows, ...common, '--gt-first-pixel', '0')).toBe(0);
    expect((await readRecord()).landmarks?.matchedOnly?.nme).toBe(0);
  });

  it('what makes the number meaningless ends with 2 unless forced, and then stands among the warnings', async () => {
    const faces = [face(10, 60), face(200, 90), face(300, 20)];
    const truth = await array('truth.npy', faces.flat(), [3, 5, 2]);
    const exchanged = faces.flat().map((_, at, all) => all[at ^ 1]);
    const mine = await array('mine.npy', exchanged, [3, 5, 2]);
    const flags = ['--gt', truth, '--pred', mine, '--normaliser', 'points-box'];
    expect(await score(...flags)).toBe(2);
    expect(errors).toContain('got: axes-exchanged; fix: write x before y');
    expect(existsSync(out)).toBe(false);
    expect(await score(...flags, '--force')).toBe(0);
    expect((await readRecord()).warnings?.[0]).toMatch(/^axes-exchanged: /);
  });

  it('COCO keypoints are matched by the overlap of boxes; --against has paired differences', async () => {
    const keypoints = (points: readonly number[]): number[] =>
      [0, 1, 2, 3, 4].flatMap((i) => [points[2 * i], points[2 * i + 1], 2]);
    const faces = Array.from({ length: 12 }, (_, i) => face(20 + 10 * i, 30));
    const truth = path.join(folder, 'gt.json');
    await writeFile(
      truth,
      JSON.stringify({
        images: faces.map((_, i) => ({ id: i + 1, file_name: `${i}.jpg`, width: 300, height: 200 })),
        categories: [{ id: 1, name: 'face' }],
        annotations: faces.map((points, i) => ({
          id: i + 1,
          image_id: i + 1,
          category_id: 1,
          bbox: [points[0] - 5, 20, 50, 60],
          area: 3000,
          iscrowd: 0,
          keypoints: keypoints(points),
          num_keypoints: 5,
        })),
      }),
    );
    const results = async (name: string, dx: (i: number) => number): Promise<string> => {
      const file = path.join(folder, name);
      const detections = faces.map((points, i) => ({
        image_id: i + 1,
        category_id: 1,
        bbox: [points[0] - 5, 20, 50, 60],
        score: 0.9,
        keypoints: keypoints(points.map((value, at) => (at % 2 === 0 ? value + dx(i) : value))),
      }));
      await writeFile(file, JSON.stringify(detections));
      return file;
    };
    const common = ['--gt', truth, '--normaliser', 'box'];
    expect(await score(...common, '--pred', await results('a.json', (i) => 1.2 + (i % 3) / 10))).toBe(0);
    const baseline = path.join(folder, 'baseline.json');
    await writeFile(baseline, await readFile(out));
    printed = '';
    expect(
      await score(...common, '--pred', await results('b.json', (i) => 2.2 + (i % 3) / 10), '--against', baseline),
    ).toBe(0);
    const { landmarks, protocol } = await readRecord();
    expect(protocol).toMatchObject({ pairing: 'iou', iou: 0.5, boxes: 'given', normaliser: 'box' });
    // 2.3 pixels in the mean, over sqrt(50 x 60).
    expect(landmarks?.matchedOnly?.nme).toBeCloseTo(2.3 / Math.sqrt(3000), 12);
    // One pixel more on every face: 1 / sqrt(3000) = 1.8257 %, with an interval as narrow as the faces are alike.
    expect(printed).toMatch(/nme\s+\+1\.8257\s+\+1\.825\d \.\. \+1\.825\d/);

    // A point at 0, 0 with the score 0 is not there: its face is missed, and the others keep their 1.3 pixels.
    const results0 = JSON.parse(await readFile(await results('c.json', () => 1.3), 'utf8')) as {
      keypoints: number[];
    }[];
    results0[3].keypoints.fill(0, 6, 9);
    await writeFile(path.join(folder, 'c.json'), JSON.stringify(results0));
    expect(await score(...common, '--pred', path.join(folder, 'c.json'), '--no-interval')).toBe(0);
    const incomplete = (await readRecord()).landmarks;
    expect(incomplete).toMatchObject({ incomplete: 1, missesAsFailures: { faces: 12, missed: 1 } });
    expect(incomplete?.matchedOnly?.nme).toBeCloseTo(1.3 / Math.sqrt(3000), 12);
  });

  describe.skipIf(!existsSync(golden('README.md')))('on the golden set (needs the shared data folder)', () => {
    it("COFW68: SAPM's published 6.635 % over outer corners, with boxes saved in Fortran order beside it", async () => {
      const common = ['--gt', golden('cofw68/points.npy'), '--pred', golden('cofw68/sapm.npy'), '--quiet'];
      expect(await score(...common, '--normaliser', 'outer-corners')).toBe(0);
      expect(printed).toMatch(/matched only\s+507\s+0\s+6\.635\s.*17\.55\s+0\.2167\s+5\.72\s+0\.3523/);
      const boxes = ['--gt-boxes-file', golden('cofw68/boxes-xywh.npy'), '--gt-boxes', 'xywh'];
      expect(await score(...common, '--normaliser', 'box', ...boxes)).toBe(0);
      const { sapm } = JSON.parse(await readFile(golden('cofw68/reference.json'), 'utf8')) as {
        sapm: Record<string, { nme: number }>;
      };
      expect((await readRecord()).landmarks?.matchedOnly?.nme).toBeCloseTo(sapm['given-box'].nme, 12);
    });

    it('boxes in the other form, or by another row, are an error of their own', async () => {
      const common = ['--gt', golden('cofw68/points.npy'), '--pred', golden('cofw68/sapm.npy'), '--normaliser', 'box'];
      const [xywh, fast] = [golden('cofw68/boxes-xywh.npy'), '--no-interval'];
      expect(await score(...common, fast, '--gt-boxes-file', xywh, '--gt-boxes', 'xyxy')).toBe(2);
      expect(errors).toContain('got: boxes-elsewhere; fix: say --gt-boxes xywh');
      const { values } = await readNpyArray(xywh);
      const xyxy = Array.from(values, (value, at) => (at % 4 < 2 ? value : value + values[at - 2]));
      const turned = await array('xyxy.npy', xyxy, [507, 4]);
      expect(await score(...common, fast, '--gt-boxes-file', turned, '--gt-boxes', 'xywh')).toBe(2);
      expect(errors).toContain('got: boxes-elsewhere; fix: say --gt-boxes xyxy');
      const shifted = await array('shifted.npy', [...values.slice(4), ...values.slice(0, 4)], [507, 4]);
      errors = '';
      expect(await score(...common, fast, '--gt-boxes-file', shifted, '--gt-boxes', 'xywh')).toBe(2);
      expect(errors).toMatch(/boxes-elsewhere: held against the row .* fix: write a box for every annotated face/s);
    });

    it('a yaw in radians is warned of, and so is a bin without a face', async () => {
      const { values } = await readNpyArray(golden('aflw2000/yaw.npy'));
      const radians = await array(
        'yaw.npy',
        Array.from(values, (degrees) => (Math.max(-180, Math.min(180, degrees)) * Math.PI) / 180),
        [values.length],
      );
      const sides = ['--gt', golden('aflw2000/points.npy'), '--pred', golden('aflw2000/prediction-perturbed.npy')];
      const common = [...sides, '--normaliser', 'points-box', '--bins', 'yaw', '--no-interval'];
      expect(await score(...common, '--gt-column', `yaw=${radians}`)).toBe(0);
      const codes = (await readRecord()).warnings?.map((warning) => warning.split(':')[0]);
      expect(codes).toEqual(['bins-in-radians', 'bins-empty']);
      expect(await score(...common, '--gt-column', `yaw=${golden('aflw2000/yaw.npy')}`)).toBe(0);
      expect((await readRecord()).warnings).toBeUndefined();
    });

    it('refuses a cut off .pts', async () => {
      const [whole, short] = [golden('formats/300vw-000006.pts'), golden('formats/short.pts')];
      expect(await score('--gt', whole, '--pred', short, '--normaliser', 'outer-corners')).toBe(2);
      expect(errors).toContain('expected 68 points, as n_points says, got');
    });
  });
});
