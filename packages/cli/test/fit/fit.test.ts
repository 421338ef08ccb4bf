import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseObj } from '@retinabench/core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

const shared = path.resolve(import.meta.dirname, '../../../..', process.env.RETINABENCH_SHARED ?? '../shared');
const photograph = path.join(shared, 'datasets/lfw/images/Halle_Berry/Halle_Berry_0002.jpg');
let folder: string;
let grey: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-fit-'));
  grey = path.join(folder, 'grey.png');
  writeFileSync(
    grey,
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
      .png()
      .toBuffer(),
  );
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
  const program = await buildProgram();
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeErr: (text) => process.stderr.write(text),
      writeOut: (text) => process.stdout.write(text),
    });
  }
  const code = await runProgram(program, ['node', 'retinabench', 'fit', ...args]);
  return { code, out, err };
}

const face = ['--box', '16,8,32,48', '--landmarks', '25,27,39,27,32,36,27,44,37,44'];

describe('retinabench fit', () => {
  it('writes mesh, overlay, loss curve and parameters', async () => {
    const target = path.join(folder, 'results');
    const { code, out } = await run(
      '--image',
      grey,
      ...face,
      '--rounds',
      '5',
      '--out-dir',
      target,
      '--quiet',
      '--json',
    );
    expect(code).toBe(0);
    expect(readdirSync(target).sort()).toEqual([
      'grey-loss.csv',
      'grey-loss.png',
      'grey-overlay.png',
      'grey.json',
      'grey.obj',
      'grey.pts',
    ]);
    const mesh = parseObj(readFileSync(path.join(target, 'grey.obj'), 'utf8'), 'grey.obj');
    expect(mesh.positions).toHaveLength(4700 * 3);
    expect(mesh.colours).toHaveLength(4700 * 3);
    const { width, height } = await sharp(path.join(target, 'grey-overlay.png')).metadata();
    expect([width, height]).toEqual([1024, 256]);
    expect(readFileSync(path.join(target, 'grey-loss.csv'), 'utf8').trim().split('\n')).toHaveLength(6);
    const { parameters, landmarksFrom } = JSON.parse(out);
    expect(landmarksFrom).toBe('flags');
    expect([parameters.shapeAndTexture, parameters.camera, parameters.illumination].map((list) => list.length)).toEqual(
      [128, 7, 9],
    );
  });

  it.each([
    ['no such image', ['--image', 'nowhere.jpg', ...face], /nowhere\.jpg/],
    ['a box of three numbers', ['--image', 'a.jpg', '--box', '1,2,3'], /expected 4 numbers/],
    ['landmarks of words', ['--image', 'a.jpg', '--landmarks', 'a,b,c,d,e,f,g,h,i,j'], /expected 10 numbers/],
    ['too few rounds', ['--image', 'a.jpg', '--rounds', '1'], /at least 5/],
    ['no image named', [], /--image/],
    [
      'landmarks beside a head that has its own',
      ['--image', 'a.jpg', '--from-head', ...face],
      /--landmarks: expected none beside --from-head/,
    ],
  ])('exits with 2 on %s', async (_, args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('exits with 2 on a box outside the image, and on landmarks without a box', async () => {
    expect((await run('--image', grey, '--box', '100,100,20,20', ...face.slice(2))).code).toBe(2);
    const { code, err } = await run('--image', grey, ...face.slice(2));
    expect(code).toBe(2);
    expect(err).toMatch(/--box x,y,w,h/);
  });

  it('exits with 2 on landmarks far from the box', async () => {
    const far = await run('--image', grey, '--box', '16,8,32,48', '--landmarks', '900,27,39,27,32,36,27,44,37,44');
    expect(far.code).toBe(2);
    expect(far.err).toMatch(/got 900,27/);
  });

  it.skipIf(!existsSync(photograph))(
    'lowers the loss on a photograph and keeps its landmarks within 5 px (skipped without the shared data folder)',
    async () => {
      const target = path.join(folder, 'photograph');
      const box = ['--box', '79,60,95,133', '--landmarks', '104,110,145,110,124,141,108,159,142,158'];
      const { code, out } = await run(
        '--image',
        photograph,
        ...box,
        '--rounds',
        '40',
        '--out-dir',
        target,
        '--quiet',
        '--json',
      );
      expect(code).toBe(0);
      const { loss, landmarkErrorPx, points68 } = JSON.parse(out);
      const pts = path.join(target, 'Halle_Berry_0002.pts');
      expect(readFileSync(pts, 'utf8')).toMatch(/^version: 1\nn_points: 68\n\{\n/);
      // Eyes, nose and mouth made of the 68 as 300-W's are, against the five that were given: within 6 px of a face of 133 px.
      const mean = (first: number, last: number) =>
        [0, 1].map((axis) => {
          let sum = 0;
          for (let point = first; point <= last; point++) sum += points68[point * 2 + axis];
          return sum / (last - first + 1);
        });
      const five = [mean(36, 41), mean(42, 47), mean(30, 30), mean(48, 48), mean(54, 54)].flat();
      [104, 110, 145, 110, 124, 141, 108, 159, 142, 158].forEach((given, at) => {
        expect(Math.abs(five[at] - given), `number ${at}`).toBeLessThan(6);
      });
      // And landmarks score reads them: against themselves they have no error.
      const scored = ['landmarks', 'score', '--gt', pts, '--pred', pts, '--normaliser', 'outer-corners', '--quiet'];
      const record = path.join(folder, 'scored.json');
      expect(await runProgram(await buildProgram(), ['node', 'retinabench', ...scored, '--out', record])).toBe(0);
      expect(JSON.parse(readFileSync(record, 'utf8')).landmarks.matchedOnly.nme).toBe(0);
      expect(loss.last.total).toBeLessThan(loss.first.total);
      expect(landmarkErrorPx).toBeLessThan(5);
    },
  );

  it.skipIf(!existsSync(photograph))(
    'draws the mesh of every face with --from-head, and fits on from there (skipped without the shared data folder)',
    async () => {
      const target = path.join(folder, 'head');
      const args = ['--image', photograph, '--from-head', '--out-dir', target, '--quiet', '--json'];
      const { code, out } = await run(...args);
      expect(code).toBe(0);
      expect(readdirSync(target).sort()).toEqual([
        'Halle_Berry_0002-1.obj',
        'Halle_Berry_0002-render.png',
        'Halle_Berry_0002-shape.png',
        'Halle_Berry_0002.json',
      ]);
      const { model, faces } = JSON.parse(out);
      expect(model).toBe('retinaface-rb025-dense');
      expect(faces).toHaveLength(1);
      // The target for faces of 64 px and more is 7 % in the mean; this one is frontal and sharp.
      expect(faces[0].landmarkErrorShare).toBeLessThan(0.07);
      expect(faces[0].doubtful).toBe(false);
      const [before, after] = await Promise.all(
        [photograph, path.join(target, 'Halle_Berry_0002-shape.png')].map((file) =>
          sharp(file).raw().toBuffer({ resolveWithObject: true }),
        ),
      );
      expect(after.info.width).toBe(before.info.width);
      const [x1, y1, x2, y2] = faces[0].boxXyxy;
      const changes = (x: number, y: number): boolean => {
        const at = (Math.round(y) * before.info.width + Math.round(x)) * 3;
        return [0, 1, 2].some((channel) => Math.abs(before.data[at + channel] - after.data[at + channel]) > 8);
      };
      expect(changes((x1 + x2) / 2, (y1 + y2) / 2)).toBe(true);
      expect(changes(4, 4)).toBe(false);
      const fitted = await run(...args, '--rounds', '10');
      expect(fitted.code).toBe(0);
      expect(JSON.parse(fitted.out).rounds).toBe(10);
      expect(JSON.parse(fitted.out).faces[0].parameters).not.toEqual(faces[0].parameters);
    },
  );

  it.skipIf(!existsSync(photograph))(
    'exits with 2 where --from-head finds no face, and with a model that no dense head serves (skipped without the shared data folder)',
    async () => {
      const none = await run('--image', grey, '--from-head');
      expect(none.code).toBe(2);
      expect(none.err).toMatch(/expected a face, but retinaface-rb025-dense found none/);
      const other = await run('--image', grey, '--from-head', '--model', 'yunet-n');
      expect(other.code).toBe(2);
      expect(other.err).toMatch(/expected a dense head .* choose --model retinaface-rb025/);
    },
  );
});
