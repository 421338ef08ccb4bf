// @vladmandic/face-api's own detectors on TensorFlow.js (wasm backend), as its Node build runs them.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { decodeImage } from '@retinabench/backends';
import { serveRounds } from './contestant.mjs';

const [imageFile, scoreFloor, net] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const wasm = require('@tensorflow/tfjs-backend-wasm');

// The methods of tensors that the union package `@tensorflow/tfjs`, which this workspace does not install, adds.
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

const root = path.dirname(require.resolve('@vladmandic/face-api/package.json'));
const faceapi = require(path.join(root, 'dist/face-api.node-wasm.js'));
await tf.setBackend('wasm');
await tf.ready();
const file = net === 'tiny' ? 'tiny_face_detector_model' : 'ssd_mobilenetv1_model';
const network = net === 'tiny' ? faceapi.nets.tinyFaceDetector : faceapi.nets.ssdMobilenetv1;
const [{ weights }] = JSON.parse(readFileSync(path.join(root, `model/${file}-weights_manifest.json`), 'utf8'));
const bytes = new Uint8Array(readFileSync(path.join(root, `model/${file}.bin`)));
await network.loadFromWeightMap(tf.io.decodeWeights(bytes.buffer, weights));

const { data, widthPx, heightPx } = await decodeImage(imageFile, imageFile);
const options =
  net === 'tiny'
    ? { inputSize: 416, scoreThreshold: Number(scoreFloor) }
    : { minConfidence: Number(scoreFloor), maxResults: 1000 };
await serveRounds(
  `@vladmandic/face-api ${require('@vladmandic/face-api/package.json').version}, ${net}, wasm`,
  async () => {
    const image = tf.tensor3d(data, [heightPx, widthPx, 3], 'int32');
    try {
      return (await network.locateFaces(image, options)).length;
    } finally {
      image.dispose();
    }
  },
);
