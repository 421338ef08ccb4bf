import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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

describe('retinabench models show', () => {
  it('prints the whole card of a model, as list --json does', () => {
    const { status, stdout } = run(['show', 'scrfd-500m', '--quiet']);
    expect(status).toBe(0);
    const card = JSON.parse(stdout) as object;
    expect(card).toMatchObject({
      id: 'scrfd-500m',
      input: { tensor: 'images', colourOrder: 'rgb', size: { rule: 'fixed', widthPx: 640 } },
      decoder: { kind: 'scrfd', levels: [{ stride: 8, scores: 'out0' }, { stride: 16 }, { stride: 32 }] },
    });
    const { models } = JSON.parse(run(['list', '--json']).stdout) as { models: { id: string; card: object }[] };
    expect(models.find(({ id }) => id === 'scrfd-500m')?.card).toEqual(card);
  });

  it('asks whether a known id is meant, exit code 2', () => {
    const { status, stderr } = run(['show', 'scrfd-500']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/model scrfd-500: expected one of .*; did you mean scrfd-500m\?/);
  });
});

describe('retinabench models inspect and card', () => {
  /** The embedded tiny detector as an .onnx without a card, as a user brings one. */
  async function tinyDetector(): Promise<string> {
    run(['list', '--verbose', '--quiet']);
    const file = path.join(work, 'tiny.onnx');
    const found = (await readdir(path.join(work, 'cache'), { recursive: true })).find((name) =>
      name.endsWith('face-api-tiny.onnx'),
    );
    await copyFile(path.join(work, 'cache', found!), file);
    return file;
  }

  it('inspects inputs, outputs, operators and what runs it; drafts a card that finds the embedded faces', async () => {
    const onnx = await tinyDetector();
    const inspected = JSON.parse(run(['inspect', onnx, '--json']).stdout);
    expect(inspected).toMatchObject({
      inputs: [{ name: expect.any(String), elementType: 'float' }],
      outputs: [{ name: 'scores' }, { name: 'boxes' }],
    });
    expect(inspected.operators.Conv).toBeGreaterThan(5);
    const runs = Object.fromEntries(
      inspected.backends.map(({ id, runs }: { id: string; runs: boolean }) => [id, runs]),
    );
    expect(runs).toMatchObject({ 'ort-node': true, 'ort-wasm': true, 'tfjs-wasm': true, 'tfjs-cpu': true });

    const drafted = run(['card', onnx, '--quiet']);
    expect(drafted.status, drafted.stderr).toBe(0);
    expect(drafted.stdout).toMatch(/fitness +AP +found/);
    const card = JSON.parse(readFileSync(path.join(work, 'tiny.card.json'), 'utf8'));
    expect(card).toMatchObject({
      id: 'tiny',
      input: { colourOrder: expect.stringMatching(/rgb|bgr/) },
      decoder: { boxes: { values: 'x1 y1 x2 y2', position: { unit: 'pixels' } } },
    });
    expect(readFileSync(path.join(work, 'tiny.card.jpg')).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    // A card that is there is not replaced unasked.
    expect(run(['card', onnx]).stderr).toMatch(/tiny\.card\.json: there is a card already; pass --force/);
  });

  it('says of a network that is no detector that no reading finds faces, and writes no card, exit code 2', async () => {
    run(['list', '--verbose', '--quiet']);
    const found = (await readdir(path.join(work, 'cache'), { recursive: true })).find((name) =>
      name.endsWith('face-api-recognition.onnx'),
    );
    const onnx = path.join(work, 'embedder.onnx');
    await copyFile(path.join(work, 'cache', found!), onnx);
    const { status, stderr } = run(['card', onnx, '--quiet']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /embedder\.onnx: the network gives one vector of 128 numbers, as a face embedder does, .*An embedder that you have/,
    );
    expect(existsSync(path.join(work, 'embedder.card.json'))).toBe(false);
  });
});

describe('retinabench models card on detectors of others', () => {
  it.skipIf(!existsSync(path.join(shared, 'models')))(
    'reads anchors, and boxes that the graph has suppressed (needs the shared data folder)',
    () => {
      const draft = (name: string) => {
        const out = path.join(work, `${name}.card.json`);
        const { status, stderr } = run([
          'card',
          path.join(shared, `models/other/${name}.onnx`),
          '--out',
          out,
          '--quiet',
        ]);
        expect(status, stderr).toBe(0);
        return JSON.parse(readFileSync(out, 'utf8'));
      };
      // facts.md of the shared data folder says how each is fed and decoded.
      expect(draft('blazeface-128')).toMatchObject({
        input: { colourOrder: 'bgr', mean: [104, 117, 123], size: { widthPx: 128, heightPx: 128, fit: 'stretch' } },
        decoder: {
          geometry: {
            levels: [
              { stride: 8, anchors: [8, 11] },
              { stride: 16, anchors: [14, 19, 26, 38, 64, 149] },
            ],
          },
          scores: { factors: [{ tensor: 'scores', classes: 2, keep: [1] }] },
          boxes: { position: { factor: 0.1 }, size: { gain: 0.2, activation: 'exp' } },
        },
        landmarks: true,
      });
      const suppressed = draft('yunet-s-nms');
      expect(suppressed).toMatchObject({
        input: { colourOrder: 'bgr', mean: [0, 0, 0], scale: [1, 1, 1], size: { fit: 'letterbox', padValue: 0 } },
        decoder: {
          boxes: { values: 'x1 y1 x2 y2', position: { unit: 'input' } },
          suppressed: { count: 'num_detections' },
        },
        landmarks: false,
      });
      expect(suppressed.defaults).toEqual({ scoreFloor: 0.02 });
    },
    300_000,
  );
});

describe('retinabench models import', () => {
  it.skipIf(!existsSync(path.join(shared, 'models')))(
    'says that another architecture with the same tensors finds the faces (needs the shared data folder)',
    () => {
      const checkpoint = path.join(shared, 'models/retinaface-1mb-mnet025.pth');
      const as = (architecture: string) =>
        run([
          ...['import', '--checkpoint', checkpoint, '--architecture', architecture],
          ...['--id', 'mine', '--out', path.join(work, 'm.onnx'), '--json'],
        ]);
      // Neither the published AP nor the licence of another checkpoint, nor its id.
      const { published, licence } = JSON.parse(as('retinaface-mnet025').stdout).card as Record<string, unknown>;
      expect({ published, licence }).toEqual({ licence: 'unknown' });
      expect(
        run(['import', '--checkpoint', checkpoint, '--architecture', 'retinaface-mnet025', '--out', 'm.onnx']),
      ).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(
          /--id: expected an id of your own .*, got retinaface-mnet025, which the zoo has for the public checkpoint/,
        ),
      });
      expect(as('retinaface-mnet025').stderr).toMatch(
        /doubt: .* has the same tensors as retinaface-1mb-mnet025, with which/,
      );
      expect(as('retinaface-1mb-mnet025').stderr).not.toMatch(/doubt/);
    },
    120_000,
  );

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
