/**
 * The npm package @vladmandic/face-api as its Node build runs it, on TensorFlow.js's WASM backend.
 *
 * The package asks for `@tensorflow/tfjs`, a union of packages of which this workspace installs only the core and the
 * WASM backend; they are put in its place here.
 */
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const backends = createRequire(new URL('../../backends/package.json', import.meta.url));
export const tf = backends('@tensorflow/tfjs-core');
const wasm = backends('@tensorflow/tfjs-backend-wasm');

// The methods of tensors that the union adds to the core's.
for (const name of ['add', 'sub', 'mul', 'div', 'mean', 'cast', 'reshape', 'slice', 'expandDims']) {
  tf.Tensor.prototype[name] = function (...args) {
    return tf[name](this, ...args);
  };
}
for (const rank of [1, 2, 3, 4]) {
  tf.Tensor.prototype[`as${rank}D`] = function (...dims) {
    return tf.reshape(this, rank === 1 ? [this.size] : dims);
  };
}

const load = Module._load;
Module._load = (request, ...rest) => {
  if (request === '@tensorflow/tfjs') return tf;
  if (request === '@tensorflow/tfjs-backend-wasm') return wasm;
  return load(request, ...rest);
};

/** Folder of the package. */
export const root = path.dirname(require.resolve('@vladmandic/face-api/package.json'));
export const { version } = require('@vladmandic/face-api/package.json');
export const faceapi = require(path.join(root, 'dist/face-api.node-wasm.js'));
await tf.setBackend('wasm');
await tf.ready();

/** Load a network's weights by the name of its files below `model/`, without the suffix. */
export async function loadNet(net, name) {
  const [{ weights }] = JSON.parse(readFileSync(path.join(root, `model/${name}-weights_manifest.json`), 'utf8'));
  const bytes = new Uint8Array(readFileSync(path.join(root, `model/${name}.bin`)));
  await net.loadFromWeightMap(tf.io.decodeWeights(bytes.buffer, weights));
}
