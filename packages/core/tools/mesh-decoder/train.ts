// Train the mesh decoder: see docs/mesh.md for the command and what comes out.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  Adam,
  buildHierarchy,
  buildWeights,
  type DecoderShape,
  type DecoderWeights,
  decimate,
  decoderTensors,
  type FloatArray,
  MeshDecoder,
  type MeshHierarchy,
  readDecoderWeights,
  readSafetensors,
  saveHierarchy,
  seededRandom,
  shuffle,
  vertexFeatures,
  writeSafetensors,
} from '@retinabench/core';
import { measureReconstruction } from './evaluate.js';
import { faceRegion, readHeadModel } from './head-model.js';
import { landmarkVertices } from './landmarks.js';
import { Pca } from './pca.js';
import { FaceSampler } from './sampler.js';
import { normal, SkinModel } from './skin-model.js';
import { outputStatistics, Standard } from './standard.js';

const { values: flags } = parseArgs({
  options: {
    shared: { type: 'string', default: process.env.RETINABENCH_SHARED ?? '../shared' },
    out: { type: 'string', default: 'packages/core/data/mesh' },
    vertices: { type: 'string', default: '4700' },
    epochs: { type: 'string', default: '30' },
    batch: { type: 'string', default: '16' },
    pool: { type: 'string', default: '2048' },
    seed: { type: 'string', default: '1905' },
  },
});
const [vertexTarget, epochs, batch, poolSize, seed] = [
  flags.vertices,
  flags.epochs,
  flags.batch,
  flags.pool,
  flags.seed,
].map(Number);
const shape: DecoderShape = { latent: 128, order: 3, features: [24, 16, 8], colour: 'sigmoid' };
const heldOut = 128;
const peakRate = 2e-3;

const startedMs = performance.now();
const say = (text: string): void => {
  console.error(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(5)} s  ${text}`);
};

const folder = path.join(flags.shared, 'mesh');
const model = readHeadModel(
  readFileSync(path.join(folder, 'ict-neutral.obj'), 'utf8'),
  readFileSync(path.join(folder, 'ict-morphs.npy')),
  readFileSync(path.join(folder, 'ict-morphs.txt'), 'utf8'),
);
const region = faceRegion(model);
say(`face region: ${region.source.length} vertices`);
const finest = decimate(region.mesh, vertexTarget, 'face region');
const source = finest.kept.map((vertex) => region.source[vertex]);
const hierarchy = buildHierarchy(finest.mesh, shape.features.length, 'face');
say(`hierarchy: ${hierarchy.levels.map(({ lhat }) => lhat.rows).join(', ')} vertices`);

const skin = new SkinModel(finest.mesh.positions, source);
const sampler = new FaceSampler(model, source, skin);
const random = seededRandom(seed);
const pool = Array.from({ length: poolSize }, () =>
  sampler.draw(random, new Float32Array(source.length * vertexFeatures)),
);
say(`${poolSize} faces drawn`);
const statistics = outputStatistics(pool);
const standard = new Standard(pool);
const pca = new Pca(
  pool.map((sample) => standard.apply(sample)),
  shape.latent,
  random,
);
say(
  `PCA of ${poolSize} samples: ${shape.latent} of them explain all but the last deviation, ${pca.deviations[shape.latent - 1].toExponential(1)} of ${pca.deviations[0].toFixed(1)}`,
);

const decoder = new MeshDecoder(hierarchy, initialWeights(hierarchy));
const trained = arraysOf(decoder.weights);
const gradient = decoder.weightGradient(hierarchy);
const gradients = arraysOf(gradient);
const optimisers = trained.map((array) => new Adam(array.length));
const verticesGradient = new Float32Array(pool[0].length);
const latentGradient = new Float32Array(shape.latent);
const latents = pool.map((face) => pca.encode(standard.apply(face), new Float32Array(shape.latent)));
const steps = Math.floor((epochs * poolSize) / batch);
const order = Array.from(pool.keys());
let shown = 0;
for (let step = 0; step < steps; step++) {
  for (const array of gradients) array.fill(0);
  for (let index = 0; index < batch; index++) {
    const place = (step * batch + index) % poolSize;
    if (place === 0) shuffle(order, random);
    const vertices = decoder.decode(latents[order[place]]);
    shown += standard.loss(vertices, pool[order[place]], 1 / batch, verticesGradient) / batch;
    decoder.backward(verticesGradient, latentGradient, gradient);
  }
  const rate = peakRate * Math.min(1, step / 100) * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps)) + 1e-6;
  trained.forEach((array, index) => {
    optimisers[index].step(array, gradients[index], rate);
  });
  if ((step + 1) % 100 === 0) {
    say(`step ${step + 1}/${steps}  loss ${(shown / 100).toFixed(5)}`);
    shown = 0;
  }
}

const metadata = {
  source:
    'ICT-FaceKit neutral, identity 0-9 and five expressions (https://github.com/ICT-VGL/ICT-FaceKit), procedural skin model',
  licence: 'MIT; Copyright (c) 2020 USC Institute for Creative Technologies (mesh and morphs)',
  units: 'centimetres; colours 0..1',
  landmarks: landmarkVertices(finest.mesh, source).join(),
  training: `seed ${seed}, ${epochs} epochs of ${poolSize} faces in batches of ${batch}`,
};
const weightBytes = writeSafetensors(decoderTensors(decoder.weights, hierarchy, metadata));
writeFileSync(path.join(flags.out, 'face-hierarchy.safetensors'), saveHierarchy(hierarchy, metadata));
writeFileSync(path.join(flags.out, 'face-decoder.safetensors'), weightBytes);

const stored = readDecoderWeights(readSafetensors(weightBytes, 'face-decoder'), hierarchy, 'face-decoder');
const unseen = seededRandom(seed + 1);
const result = measureReconstruction(
  new MeshDecoder(hierarchy, stored),
  pca,
  standard,
  () => sampler.draw(unseen, new Float32Array(pool[0].length)),
  heldOut,
);
writeFileSync(
  path.join(flags.out, 'reconstruction.json'),
  `${JSON.stringify({ seed, epochs, pool: poolSize, batch, vertices: vertexTarget, heldOut, latent: shape.latent, ...result }, null, 2)}\n`,
);
say(JSON.stringify(result));

function arraysOf(weights: DecoderWeights): FloatArray[] {
  const { dense, convolutions } = weights;
  return [dense.weight, dense.bias, ...convolutions.flatMap(({ theta, bias }) => [theta, bias])];
}

/** Normal weights scaled by the number of inputs; zero biases; output statistics of the pool. */
function initialWeights(on: MeshHierarchy): DecoderWeights {
  return buildWeights(shape, on, (name, dims) => {
    if (name === 'mean') return statistics.mean;
    if (name === 'scale') return statistics.scale;
    const length = dims.reduce((product, size) => product * size, 1);
    if (name.endsWith('bias')) return new Float32Array(length);
    const inputs = name === 'dense.weight' ? dims[0] : dims[0] * dims[1];
    return Float32Array.from({ length }, () => normal(random) / Math.sqrt(inputs));
  });
}
