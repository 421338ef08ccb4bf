/**
 * Writes test/golden/face-api.json: what @vladmandic/face-api itself finds on its sample photographs, computed by its
 * own code on TensorFlow.js. Run it after a change of that package's version:
 *
 *   node packages/models/tools/face-api-golden.mjs
 *
 * The package asks for `@tensorflow/tfjs`, a union of packages of which this workspace installs only the core and the
 * WASM backend; they are put in its place here.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const backends = createRequire(new URL('../../backends/package.json', import.meta.url));
const tf = backends('@tensorflow/tfjs-core');
const wasm = backends('@tensorflow/tfjs-backend-wasm');
const sharp = backends('sharp');

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

const root = path.dirname(require.resolve('@vladmandic/face-api/package.json'));
const faceapi = require(path.join(root, 'dist/face-api.node-wasm.js'));
await tf.setBackend('wasm');
await tf.ready();

async function loadNet(net, name) {
  const [{ weights }] = JSON.parse(readFileSync(path.join(root, `model/${name}-weights_manifest.json`), 'utf8'));
  const bytes = new Uint8Array(readFileSync(path.join(root, `model/${name}.bin`)));
  await net.loadFromWeightMap(tf.io.decodeWeights(bytes.buffer, weights));
}

await loadNet(faceapi.nets.ssdMobilenetv1, 'ssd_mobilenetv1_model');
await loadNet(faceapi.nets.tinyFaceDetector, 'tiny_face_detector_model');
await loadNet(faceapi.nets.faceLandmark68Net, 'face_landmark_68_model');
await loadNet(faceapi.nets.faceRecognitionNet, 'face_recognition_model');

const scoreFloor = 0.1;
const describe = ({ score, box }) => [score, box.x, box.y, box.x + box.width, box.y + box.height];
const images = [];
for (let index = 1; index <= 6; index++) {
  const file = path.join(root, `demo/sample${index}.jpg`);
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const image = tf.tensor3d(new Uint8Array(data), [info.height, info.width, 3], 'int32');
  const ssd = await faceapi.nets.ssdMobilenetv1.locateFaces(image, { minConfidence: scoreFloor, maxResults: 1000 });
  const tiny = await faceapi.nets.tinyFaceDetector.locateFaces(image, { inputSize: 416, scoreThreshold: scoreFloor });
  const faces = [];
  for (const { box } of ssd.filter(({ score }) => score > 0.5).slice(0, 1)) {
    const [x, y] = [Math.max(0, Math.floor(box.x)), Math.max(0, Math.floor(box.y))];
    const [width, height] = [
      Math.min(Math.floor(box.width), info.width - x),
      Math.min(Math.floor(box.height), info.height - y),
    ];
    const crop = tf.slice3d(image, [y, x, 0], [height, width, 3]);
    const landmarks = await faceapi.nets.faceLandmark68Net.detectLandmarks(crop);
    const descriptor = await faceapi.nets.faceRecognitionNet.computeFaceDescriptor(crop);
    faces.push({
      crop: [x, y, width, height],
      landmarks: landmarks.positions.flatMap((point) => [point.x, point.y]),
      descriptor: [...descriptor],
    });
  }
  images.push({
    file: `demo/sample${index}.jpg`,
    sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
    widthPx: info.width,
    heightPx: info.height,
    ssd: ssd.map(describe),
    tiny: tiny.map(describe),
    faces,
  });
  process.stderr.write(`sample${index}: ${ssd.length} SSD, ${tiny.length} tiny, ${faces.length} crops\n`);
}

const golden = {
  source: '@vladmandic/face-api, its own networks and post-processing on TensorFlow.js (wasm backend)',
  version: require('@vladmandic/face-api/package.json').version,
  input: `boxes: [score, x1, y1, x2, y2] in pixels, score > ${scoreFloor}, NMS IoU 0.5 (SSD) and 0.4 (tiny); crops: [x, y, width, height]`,
  images,
};
writeFileSync(new URL('../test/golden/face-api.json', import.meta.url), `${JSON.stringify(golden)}\n`);
