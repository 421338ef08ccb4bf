// Decode, render and fit of the face model; run with `npx nx run core:bench-mesh`. Competitors take turns; times are
// processor time, which a busy machine disturbs less than the clock.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { quantile } from '../../results/src/index.js';
import {
  type DecoderWeights,
  fitFace,
  loadHierarchy,
  MeshDecoder,
  projectToPixels,
  Renderer,
  readDecoderWeights,
  readSafetensors,
  seededRandom,
} from '../src/index.js';

const folder = path.resolve('packages/core/data/mesh');
const read = (name: string): Uint8Array => readFileSync(path.join(folder, name));
const hierarchy = loadHierarchy(read('face-hierarchy.safetensors'), 'hierarchy');
const file = readSafetensors(read('face-decoder.safetensors'), 'decoder');
const weights: DecoderWeights = readDecoderWeights(file, hierarchy, 'decoder');
const { triangles } = hierarchy.levels[0].mesh;
const random = seededRandom(11);
const latent = Float32Array.from({ length: 128 }, () => 2 * random() - 1);
const camera = Float32Array.of(12, 4, 95, 0, 1, 8, 3.4);
const light = Float32Array.of(-40, 30, 80, 0.7, 0.6, 0.5, 0.3, 0.35, 0.4);
const gradient = new Float32Array(hierarchy.levels[0].lhat.rows * 6).map(() => random() - 0.5);
const latentGradient = new Float32Array(128);

const simd = new MeshDecoder(hierarchy, weights, 'simd');
const scalar = new MeshDecoder(hierarchy, weights, 'float32');
const vertices = simd.decode(latent).slice();
const renders = [16, 64, 128, 256, 512].map((side) => {
  const size = { widthPx: side, heightPx: side };
  const renderer = new Renderer(triangles, simd.vertexCount, size, { culling: 'back' });
  return { side, renderer, imageGradient: new Float32Array(side * side * 3).fill(1e-4) };
});

const jobs = new Map<string, () => unknown>([
  ['decode, SIMD', () => simd.decode(latent)],
  ['decode, scalar', () => scalar.decode(latent)],
  ['decode backward, SIMD', () => simd.backward(gradient, latentGradient)],
  ['decode backward, scalar', () => scalar.backward(gradient, latentGradient)],
]);
for (const { side, renderer, imageGradient } of renders) {
  jobs.set(`render ${side} px`, () => renderer.render(vertices, camera, light));
  if (side === 128) {
    const sink = {
      vertices: new Float32Array(vertices.length),
      camera: new Float64Array(7),
      illumination: new Float64Array(9),
    };
    jobs.set('render backward 128 px', () => renderer.backward(vertices, camera, light, imageGradient, sink));
  }
}

function cpuMs(job: () => unknown): number {
  const before = process.cpuUsage();
  job();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const samples = new Map([...jobs.keys()].map((name) => [name, [] as number[]]));
for (let round = 0; round < 60; round++) {
  for (const [name, job] of jobs) {
    const ms = cpuMs(job);
    if (round >= 15) samples.get(name)?.push(ms);
  }
}

const target = renders[2].renderer;
const image = {
  ...target.raster.size,
  data: Uint8Array.from(target.render(vertices, camera, light), (value) => 255 * Math.min(1, Math.max(0, value))),
};
const landmarks = (file.metadata.landmarks ?? '').split(',').map(Number);
const pixels = projectToPixels(target.points, camera[6], image, new Float32Array(simd.vertexCount * 2));
const places = landmarks.flatMap((vertex) => [pixels[vertex * 2], pixels[vertex * 2 + 1]]);
const model = { decoder: simd, triangles, landmarks };
const frame = { centreX: 64, centreY: 64, sidePx: 128, roll: 0 };
samples.set(
  'fit, 200 rounds',
  Array.from({ length: 5 }, () => cpuMs(() => fitFace(model, image, frame, places))),
);

console.log(
  `${os.cpus()[0]?.model.trim()}, Node ${process.version}, ${simd.vertexCount} vertices, ${triangles.length / 3} triangles`,
);
console.log('processor ms                 median      p95   n');
for (const [name, values] of samples) {
  const sorted = Float64Array.from(values).sort();
  const [median, p95] = [quantile(sorted, 0.5), quantile(sorted, 0.95)];
  console.log(
    `${name.padEnd(26)} ${median.toFixed(2).padStart(8)} ${p95.toFixed(2).padStart(8)} ${String(values.length).padStart(3)}`,
  );
}
