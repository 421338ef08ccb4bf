/**
 * Writes test/golden/face-api.json: what @vladmandic/face-api itself finds on its sample photographs, computed by its
 * own code on TensorFlow.js. Run it after a change of that package's version:
 *
 *   node packages/models/tools/face-api-golden.mjs
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { faceapi, loadNet, root, tf, version } from './face-api-package.mjs';

const sharp = createRequire(new URL('../../backends/package.json', import.meta.url))('sharp');

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
  version,
  input: `boxes: [score, x1, y1, x2, y2] in pixels, score > ${scoreFloor}, NMS IoU 0.5 (SSD) and 0.4 (tiny); crops: [x, y, width, height]`,
  images,
};
writeFileSync(new URL('../test/golden/face-api.json', import.meta.url), `${JSON.stringify(golden)}\n`);
