import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FaceObjective } from '../../src/fit/face-objective.js';
import { startIllumination } from '../../src/fit/fit-face.js';
import { readFaceModel } from '../../src/fit/read-face-model.js';

const dataFolder = path.join(import.meta.dirname, '../../data/mesh');
const script = path.join(import.meta.dirname, '../../../../tools/train/pixel-term.mjs');

test('tools/train/pixel-term.mjs answers with value and gradient of FaceObjective, and zeros where a camera is degenerate', () => {
  const read = (name: string): Uint8Array => readFileSync(path.join(dataFolder, name));
  const model = readFaceModel(read('face-hierarchy.safetensors'), read('face-decoder.safetensors'), {
    hierarchy: 'hierarchy',
    decoder: 'decoder',
  });
  const latent = Array.from({ length: 128 }, (_, at) => Math.sin(at));
  const camera = [5, 3, 105, 0, 1, 8, 3.5];
  const landmarks = [0.35, 0.4, 0.65, 0.4, 0.5, 0.55, 0.4, 0.7, 0.6, 0.7];
  const crop = Array.from({ length: 64 * 64 * 3 }, (_, at) => (at % 97) / 97);
  const good = [...latent, ...camera, ...startIllumination, ...landmarks, ...crop];
  const lost = [...latent, 0, 1, 8, 0, 1, 8, 3.5, ...startIllumination, ...landmarks, ...crop];
  const rows = Float32Array.of(...good, ...lost);
  const input = Buffer.concat([Buffer.from(Uint32Array.of(2).buffer), Buffer.from(rows.buffer)]);
  const { stdout, stderr, status } = spawnSync('node', [script], { input, maxBuffer: 1e8 });
  expect(`${stderr}`).toBe('');
  expect(status).toBe(0);
  const answer = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  expect(answer).toHaveLength(2 * 145);
  const objective = new FaceObjective(model, 64);
  const floats = (values: readonly number[]): Float64Array => Float64Array.from(Float32Array.from(values));
  const { total } = objective.evaluate(
    floats(latent),
    floats(camera),
    floats([...startIllumination]),
    floats(crop),
    floats(landmarks),
  );
  expect(answer[0]).toBeCloseTo(total, 5);
  const gradient = [...objective.latent, ...objective.camera, ...objective.illumination];
  const close = gradient.every((slope, at) => Math.abs(answer[at + 1] - slope) < 1e-5 + 1e-4 * Math.abs(slope));
  expect(close).toBe(true);
  expect(answer.slice(145).every((value) => value === 0)).toBe(true);
});
