// JPEG decoding to RGB, by the decoder of the pipeline.
import { decodeImage } from '@retinabench/backends';
import { serveRounds } from './contestant.mjs';

const [imageFile] = process.argv.slice(2);
await serveRounds('RetinaBench, libvips through sharp', async () => {
  await decodeImage(imageFile, imageFile);
  return 0;
});
