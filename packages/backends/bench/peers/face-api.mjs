// @vladmandic/face-api's own detectors on TensorFlow.js (wasm backend), as its Node build runs them.
import { decodeImage } from '@retinabench/backends';
import { faceapi, loadNet, tf, version } from '../../../models/tools/face-api-package.mjs';
import { serveRounds } from './contestant.mjs';

const [imageFile, scoreFloor, net] = process.argv.slice(2);
const network = net === 'tiny' ? faceapi.nets.tinyFaceDetector : faceapi.nets.ssdMobilenetv1;
await loadNet(network, net === 'tiny' ? 'tiny_face_detector_model' : 'ssd_mobilenetv1_model');

const { data, widthPx, heightPx } = await decodeImage(imageFile, imageFile);
const options =
  net === 'tiny'
    ? { inputSize: 416, scoreThreshold: Number(scoreFloor) }
    : { minConfidence: Number(scoreFloor), maxResults: 1000 };
await serveRounds(`@vladmandic/face-api ${version}, ${net}, wasm`, async () => {
  const image = tf.tensor3d(data, [heightPx, widthPx, 3], 'int32');
  try {
    return (await network.locateFaces(image, options)).length;
  } finally {
    image.dispose();
  }
});
