import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadBackend } from '@retinabench/backends';
import { writeTflite } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertGraph } from '../../../backends/src/runtimes/litert/convert-graph.js';
import { loadPlanning } from '../../../backends/src/runtimes/litert/planning.js';
import { graphFromOnnx } from '../../../backends/src/runtimes/tfjs/graph/from-onnx.js';
import { simplify } from '../../../backends/src/runtimes/tfjs/graph/simplify.js';
import { ConstantStore, DerivedTensors } from '../../../backends/src/runtimes/tfjs/plan/constants.js';

const program = path.resolve('packages/cli/dist/main.js');
const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-tflite-'));
const file = path.join(work, 'face.tflite');
const { available } = await (await loadBackend('litert-wasm')).availability();

function run(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: work });
}

describe.skipIf(!available)('a .tflite file (skipped where @litertjs/core is absent)', () => {
  beforeAll(async () => {
    const { bytes, card } = await resolveModel('retinaface-rb025');
    await loadPlanning();
    const graph = simplify(graphFromOnnx(bytes, 'm.onnx'));
    const stores = { constants: new ConstantStore(), derived: new DerivedTensors(graph.initialisers.values()) };
    const converted = await convertGraph(graph, [[1, 3, 320, 320]], stores, 2 ** 30);
    const content = writeTflite(converted.model);
    writeFileSync(file, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    writeFileSync(
      path.join(work, 'face.card.json'),
      JSON.stringify({
        ...card,
        id: 'face',
        sha256,
        input: {
          ...card.input,
          layout: 'NHWC',
          size: {
            rule: 'fixed',
            widthPx: 320,
            heightPx: 320,
            fit: 'letterbox',
            padValue: 0,
            sampling: 'whole-pixels',
            rounding: 'half-up',
          },
        },
      }),
    );
  });
  afterAll(() => rmSync(work, { recursive: true }));

  it('is inspected: inputs, outputs, operators, and which backends run it', () => {
    const { status, stdout } = run('models', 'inspect', file, '--json');
    expect(status).toBe(0);
    const found = JSON.parse(stdout);
    expect(found.inputs).toEqual([{ name: 'input', elementType: 'float32', dims: [1, 320, 320, 3] }]);
    expect(found.operators.CONV_2D).toBeGreaterThan(10);
    expect(found.backends.filter(({ runs }: { runs: boolean }) => runs).map(({ id }: { id: string }) => id)).toEqual([
      'litert-wasm',
    ]);
  });

  it('has no reference but on litert-wasm; parity says so before it reads an image', () => {
    const { status, stderr } = run('parity', '--model', file, '--backend', 'litert-wasm');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^retinabench: model face: ort-node, the reference, does not run a \.tflite; pass --reference litert-wasm/,
    );
  });

  it('detects with its card, on litert-wasm alone', () => {
    const shown = run('models', 'show', file, '--json');
    expect(shown.stdout, shown.stderr).toContain('"id": "face"');
    const apOf = (...flags: string[]): number => {
      const record = path.join(work, `${flags.length}.json`);
      const { status, stderr } = run('wider', 'easy', '--data', 'mini', '--limit', '3', ...flags, '--out', record);
      expect(status, stderr).toBe(0);
      return JSON.parse(readFileSync(record, 'utf8')).ap.easy;
    };
    const network = apOf('--model', 'retinaface-rb025', '--scale', 'long:320');
    expect(Math.abs(apOf('--model', file, '--backend', 'litert-wasm') - network)).toBeLessThan(0.2);
    expect(run('wider', 'easy', '--data', 'mini', '--limit', '1', '--model', file).stderr).toMatch(
      /--backend litert-wasm alone runs/,
    );
  });

  it('of another format or cut short is invalid input', () => {
    const other = path.join(work, 'other.tflite');
    writeFileSync(other, 'no model');
    const { status, stderr } = run('models', 'inspect', other);
    expect(status).toBe(2);
    expect(stderr).toMatch(/other\.tflite: expected a TensorFlow Lite model, got 8 bytes/);
  });
});
