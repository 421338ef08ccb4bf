import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = path.resolve('packages/cli/dist/main.js');
const shared = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared');
const photographs = path.resolve('node_modules/@vladmandic/face-api/demo');

let work: string;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-models-'));
});

afterEach(() => rm(work, { recursive: true }));

function run(args: readonly string[]) {
  return spawnSync(process.execPath, [program, 'models', ...args], {
    env: { ...process.env, RETINABENCH_CACHE: path.join(work, 'cache'), RETINABENCH_SHARED: path.join(work, 'none') },
    encoding: 'utf8',
  });
}

describe('retinabench models list', () => {
  it('says of every model whether it can be used here, as a table or as JSON alone on standard output', () => {
    const { status, stdout } = run(['list', '--json']);
    expect(status).toBe(0);
    const { models } = JSON.parse(stdout) as { models: { id: string; state: string }[] };
    const states = Object.fromEntries(models.map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({
      'face-api-ssd-mobilenetv1': 'available',
      'retinaface-mnet025': 'absent',
      'retinaface-resnet152': 'available',
      'scrfd-500m': 'absent',
    });
    expect(run(['list']).stdout).toMatch(/face-api-tiny +face-detection +embedded +available/);
  });
});

describe('retinabench models import', () => {
  it('ends with exit code 2 on a file that is no checkpoint, an unknown architecture or a name that is no .onnx', async () => {
    const file = path.join(work, 'cat.pth');
    await writeFile(file, 'not a checkpoint');
    const base = ['import', '--checkpoint', file, '--architecture', 'retinaface-mnet025'];
    expect(run([...base, '--out', path.join(work, 'm.onnx')])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/cat\.pth: not a PyTorch checkpoint/),
    });
    expect(run([...base, '--out', 'm.bin'])).toMatchObject({ status: 2 });
    expect(run(['import', '--checkpoint', file, '--architecture', 'vgg', '--out', 'm.onnx'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/architecture vgg: expected one of retinaface-mnet025/),
    });
    expect(existsSync(path.join(work, 'm.onnx'))).toBe(false);
  });

  it.skipIf(!existsSync(path.join(shared, 'models')))(
    'writes model and card, and --model finds the id that it was given (needs the shared data folder)',
    () => {
      const out = path.join(work, 'deep/slim.onnx');
      const checkpoint = path.join(shared, 'models/retinaface-1mb-slim.pth');
      const args = [
        '--checkpoint',
        checkpoint,
        '--architecture',
        'retinaface-1mb-slim',
        '--id',
        'my-slim',
        '--out',
        out,
      ];
      const { status, stdout } = run(['import', ...args]);
      expect(status).toBe(0);
      expect(stdout).toMatch(/parameters: 343,488/);
      expect(JSON.parse(readFileSync(path.join(work, 'deep/slim.card.json'), 'utf8'))).toMatchObject({ id: 'my-slim' });
      expect(run(['list']).stdout).toMatch(/my-slim +face-detection +imported +cached +343,488/);
    },
  );
});

describe('retinabench models quantize', () => {
  it('halves and quarters the embedded tiny detector, calibrated on photographs', async () => {
    const halved = path.join(work, 'half.onnx');
    expect(run(['quantize', '--model', 'face-api-tiny', '--to', 'float16', '--out', halved]).status).toBe(0);
    const whole = path.join(work, 'int8.onnx');
    const args = ['--to', 'int8', '--calibration', photographs, '--images', '2', '--out', whole];
    const { status, stdout } = run(['quantize', '--model', 'face-api-tiny', ...args, '--json']);
    expect(status).toBe(0);
    const { card, bytes, bytesBefore } = JSON.parse(stdout) as Record<string, never>;
    expect(card).toMatchObject({ id: 'face-api-tiny-int8', parameters: 193_321 });
    expect(readFileSync(halved).length).toBeLessThan(0.6 * bytesBefore);
    expect(bytes).toBeLessThan(0.4 * bytesBefore);
  });

  it('asks for calibration images, and says when a folder has none, exit code 2', async () => {
    const base = ['quantize', '--model', 'face-api-tiny', '--to', 'int8', '--out', path.join(work, 'm.onnx')];
    expect(run(base)).toMatchObject({ status: 2, stderr: expect.stringMatching(/--calibration: --to int8 needs/) });
    const empty = path.join(work, 'empty');
    await mkdir(empty);
    expect(run([...base, '--calibration', empty])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/expected \.jpg or \.png images, found none/),
    });
  });
});
