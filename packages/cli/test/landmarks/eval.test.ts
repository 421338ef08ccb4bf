import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const program = path.join(workspace, 'packages/cli/dist/main.js');
const shared = path.resolve(workspace, process.env.RETINABENCH_SHARED ?? '../shared');
const photographs = path.join(shared, 'datasets/wider/WIDER_val/images');
const predictions = path.join(shared, 'golden/landmarks/five-point/predictions.jsonl');
const root = mkdtempSync(path.join(os.tmpdir(), 'landmarks-eval-'));
const images = path.join(root, 'images');
const label = path.join(root, 'label.txt');

interface Reference {
  readonly image: string;
  readonly detections: readonly (readonly number[])[];
}

/** A few photographs; what PyTorch found on them with a score of at least 0.9 as the annotation. */
beforeAll(() => {
  if (!existsSync(predictions)) return;
  const chosen = readFileSync(predictions, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Reference)
    .filter(({ image }) => existsSync(path.join(photographs, image)))
    .slice(0, 3);
  const lines = chosen.flatMap(({ image, detections }) => {
    mkdirSync(path.dirname(path.join(images, image)), { recursive: true });
    symlinkSync(path.join(photographs, image), path.join(images, image));
    const faces = detections
      .filter(([, , , , score]) => score >= 0.9)
      .map(([x1, y1, x2, y2, , ...points]) => {
        const flagged = [0, 1, 2, 3, 4].map((i) => `${points[2 * i]} ${points[2 * i + 1]} 0.0`);
        return `${x1} ${y1} ${x2 - x1} ${y2 - y1} ${flagged.join(' ')} 0.8`;
      });
    return [`# ${image}`, ...faces];
  });
  writeFileSync(label, `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    env: { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), RETINABENCH_SHARED: shared },
    maxBuffer: 1 << 26,
  });
  return { status, stdout: String(stdout), stderr: String(stderr) };
}

describe.skipIf(!existsSync(predictions))('retinabench landmarks eval (needs the shared data folder)', () => {
  const flags = ['landmarks', 'eval', '--gt', label, '--images', images, '--workers', '1', '--quiet'];
  const model = ['--model', 'retinaface-mnet025', '--normaliser', 'pixels', '--threshold', '1'];

  it('finds the faces that PyTorch finds with the same network, their points within a tenth of a pixel', () => {
    const out = path.join(root, 'eval.json');
    const { status, stderr } = run(...flags, ...model, '--out', out);
    expect(stderr, stderr).toContain('read as label-text');
    expect(status).toBe(0);
    const { landmarks, model: made, protocol, dataset } = parseRecord(readFileSync(out, 'utf8'), out);
    expect(landmarks?.missesAsFailures.missed).toBe(0);
    expect(landmarks?.missesAsFailures.faces).toBeGreaterThan(3);
    expect(landmarks?.matchedOnly?.nme).toBeLessThan(0.1);
    expect(made?.id).toBe('retinaface-mnet025');
    expect(protocol).toMatchObject({ minScore: 0.5, pairing: 'iou', scoreFloor: 0.02, points: 'five' });
    expect(dataset?.images).toBe(3);
    // A line `<name> <sha256>` of each image, sorted, as in every record of detections.
    const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
    const names = [...readFileSync(label, 'utf8').matchAll(/^# (.+)$/gm)].map(([, name]) => name);
    const lines = names.map((name) => `${name} ${sha256(readFileSync(path.join(images, name)))}\n`);
    expect(dataset?.imagesSha256).toBe(sha256(lines.sort().join('')));
  });

  it('the same numbers come of the faces that detect writes, scored as files', () => {
    const faces = path.join(root, 'faces.jsonl');
    const [evaluated, scored] = ['again.json', 'scored.json'].map((name) => path.join(root, name));
    expect(run('detect', images, '--model', 'retinaface-mnet025', '--out', faces, '--quiet').status).toBe(0);
    expect(run(...flags, ...model, '--out', evaluated).status).toBe(0);
    const { status, stderr } = run(
      ...['landmarks', 'score', '--gt', label, '--pred', faces, ...model.slice(2), '--out', scored],
    );
    expect(status, stderr).toBe(0);
    const [a, b] = [evaluated, scored].map((file) => parseRecord(readFileSync(file, 'utf8'), file).landmarks);
    expect(b).toEqual(a);
  });

  it('refuses annotated images that are not there unless they are left out, and a model without landmarks', () => {
    writeFileSync(path.join(root, 'more.txt'), `${readFileSync(label, 'utf8')}# nowhere.jpg\n1 2 3 4\n`);
    const gt = ['landmarks', 'eval', '--gt', path.join(root, 'more.txt'), '--images', images, ...model.slice(2)];
    const refused = run(...gt, ...model.slice(0, 2));
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('got none for 1 (nowhere.jpg); fix: name their folder with --images DIR');
    const without = run(...gt, '--missing', 'leave-out', '--model', 'face-api-tiny');
    expect(without.status).toBe(2);
    expect(without.stderr).toContain('gives no landmarks');
  });
});
