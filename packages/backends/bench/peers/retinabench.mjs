// RetinaFace on ort-node: the whole detector, or with `bare` its session.run alone.
import { readFileSync } from 'node:fs';
import { decodeImage, FaceDetector, loadBackend, resolveProtocol } from '@retinabench/backends';
import { parseCard } from '@retinabench/models';
import { serveRounds } from './contestant.mjs';

const [onnx, cardFile, imageFile, scoreFloor, what] = process.argv.slice(2);
const card = parseCard(readFileSync(cardFile, 'utf8'), cardFile);
const backend = await loadBackend('ort-node');
const session = await backend.createSession(readFileSync(onnx), onnx, { threads: 1 });
const image = await decodeImage(imageFile, imageFile);
if (what === 'bare') {
  const data = new Float32Array(image.widthPx * image.heightPx * 3).fill(20);
  const feeds = { [card.input.tensor]: { data, dims: [1, 3, image.heightPx, image.widthPx] } };
  await serveRounds(`session.run alone, onnxruntime-node ${await backend.version()}`, async () => {
    await session.run(feeds);
    return 0;
  });
} else {
  const detector = new FaceDetector(card, session, resolveProtocol({ scoreFloor: Number(scoreFloor) }, card));
  await serveRounds(
    `RetinaBench, ort-node ${await backend.version()}`,
    async () => (await detector.detect(image)).count,
  );
}
