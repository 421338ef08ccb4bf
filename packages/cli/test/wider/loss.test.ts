import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const shared = path.resolve(workspace, process.env.RETINABENCH_SHARED ?? '../shared');
const checkpoint = path.join(shared, 'models', 'retinaface-mnet025.pth');
const wider = path.join(shared, 'datasets', 'wider');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-loss-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function loss(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += text;
      return true;
    }),
  );
  try {
    const status = await runProgram(await buildProgram(), ['node', 'retinabench', 'wider', 'loss', ...args]);
    return { status, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('retinabench wider loss', () => {
  it.each([
    ['an unknown preset', ['--loss', 'focal'], /Allowed choices are paper, mnet/],
    ['a threshold above 1', ['--positive-iou', '50'], /expected a number from 0 to 1/],
    ['an unknown model', ['--model', 'no-such-model'], /model no-such-model: expected one of/],
    [
      'a model without the heads of RetinaFace',
      ['--model', 'face-api-tiny'],
      /expected the outputs of RetinaFace.*choose a RetinaFace model/,
    ],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const { status, stdout, stderr } = await loss(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
  });
});

describe.skipIf(!existsSync(checkpoint) || !existsSync(wider))(
  'retinabench wider loss (needs the shared data folder)',
  () => {
    const base = ['--model', 'retinaface-mnet025', '--data', wider, '--quiet', '--scale', 'long:320', '--limit', '3'];

    it('prints terms, levels and heights, and writes a record of kind loss', async () => {
      const out = path.join(folder, 'loss.json');
      const { status, stdout } = await loss(...base, '--loss', 'mnet', '--out', out);
      expect(status).toBe(0);
      const record = parseRecord(readFileSync(out, 'utf8'), out);
      expect(record).toMatchObject({
        kind: 'loss',
        model: { id: 'retinaface-mnet025' },
        backend: { id: 'ort-node', threads: 1 },
        dataset: { images: 3 },
        protocol: {
          loss: 'mnet',
          positiveIou: 0.35,
          negativesPerPositive: 7,
          variances: [0.1, 0.2],
          scale: 'long:320',
        },
      });
      const terms = record.loss ?? {};
      // Weights of the preset: total = classification + 2 box + landmark.
      expect(terms.total).toBeCloseTo(terms.classification + 2 * terms.box + terms.landmark, 9);
      expect(terms.classification).toBeGreaterThan(0);
      const { anchors, level, height, faces, facesMatched, facesClaimed, facesWithout } = record.positives ?? {};
      const sum = (values: Readonly<Record<string, number>>): number =>
        Object.values(values).reduce((a, b) => a + b, 0);
      expect(sum(level)).toBe(anchors.positive);
      expect(sum(height)).toBe(anchors.positive);
      expect(sum(facesMatched) + sum(facesClaimed) + sum(facesWithout)).toBe(sum(faces));
      expect(stdout).toContain(`protocol ${record.protocol.id}: metric=multi-task-loss loss=mnet`);
      expect(stdout).toContain(`total, weighted   ${terms.total.toFixed(4)}`);
    });

    it('a setting that changes the loss changes the protocol id', async () => {
      const run = async (...args: string[]) => {
        const { stdout } = await loss(...base, '--json', '--out', path.join(folder, 'id.json'), ...args);
        return parseRecord(stdout, 'standard output');
      };
      const paper = await run();
      const more = await run('--negatives', '7');
      expect(more.protocol.id).not.toBe(paper.protocol.id);
      expect(more.loss?.classification).toBeGreaterThan(paper.loss?.classification ?? 0);
      expect(more.loss?.box).toBe(paper.loss?.box);
    });

    it('takes landmarks from label.txt as from the JSON form, and no part of faces without', async () => {
      const events = path.join(wider, 'WIDER_val', 'images');
      const event = readdirSync(events).sort()[0];
      const names = readdirSync(path.join(events, event))
        .sort()
        .slice(0, 3)
        .map((file) => `${event}/${path.parse(file).name}`);
      // One face an image, of 100 x 120 at (20, 30) and so on, landmarks where they lie in a frontal face; the third has none.
      const face = (index: number) => {
        const box = [20 + 10 * index, 30, 100, 120];
        const parts = [
          [0.31, 0.4],
          [0.69, 0.4],
          [0.5, 0.61],
          [0.34, 0.78],
          [0.66, 0.78],
        ];
        return { box, landmarks: parts.map(([x, y]) => [box[0] + 100 * x, box[1] + 120 * y]) };
      };
      const labels = { blur: 0, expression: 0, illumination: 0, invalid: 0, occlusion: 0, pose: 0, splits: ['hard'] };
      const images = names.map((name, index) => {
        const { landmarks, ...annotated } = { ...labels, ...face(index) };
        return { name, faces: [index === 2 ? annotated : { ...annotated, landmarks }] };
      });
      writeFileSync(path.join(folder, 'faces.json'), JSON.stringify({ version: 1, images }));
      const lines = names.flatMap((name, index) => {
        const { box, landmarks } = face(index);
        const points = landmarks.flatMap(([x, y]) => (index === 2 ? [-1, -1, -1] : [x, y, 0]));
        return [`# ${name}.jpg`, [...box, ...points, 0.9].join(' ')];
      });
      writeFileSync(path.join(folder, 'label.txt'), lines.join('\n'));
      const termsOf = async (gt: string) => {
        const args = ['--loss', 'mnet', '--json', '--gt', path.join(folder, gt), '--out', path.join(folder, 'gt.json')];
        return parseRecord((await loss(...base, ...args)).stdout, 'standard output');
      };
      const [json, text] = [await termsOf('faces.json'), await termsOf('label.txt')];
      expect(text.loss).toEqual(json.loss);
      expect(text.loss?.landmark).toBeGreaterThan(0.1);
      const { positive, withLandmarks } = text.positives?.anchors ?? {};
      expect(withLandmarks).toBeGreaterThan(0);
      expect(positive).toBeGreaterThan(withLandmarks as number);
    });

    it.each([
      ['the pyramid', ['--scale', 'pyramid'], /expected a single pass, got the pyramid/],
      ['thresholds out of order', ['--positive-iou', '0.2'], /0 <= negative IoU <= positive IoU <= 1/],
      ['ground truth that is not there', ['--gt', path.join(workspace, 'no-such-folder')], /got nothing of that name/],
      ['a malformed shard', ['--shard', '5/4'], /--shard: expected i\/n/],
    ])('refuses %s', async (_, args, message) => {
      const { status, stderr } = await loss(...base, ...args, '--out', path.join(folder, 'refused.json'));
      expect(status).toBeGreaterThanOrEqual(2);
      expect(stderr).toMatch(message);
      expect(existsSync(path.join(folder, 'refused.json'))).toBe(false);
    });
  },
);
