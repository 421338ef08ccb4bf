import sharp from 'sharp';
import { expect, test } from 'vitest';
import { loadBatchSession } from '../../src/bench/batch-session.js';
import { parseBenchSize } from '../../src/bench/size.js';
import { cardOf } from '../fixtures/card.js';
import { smallDetector } from '../fixtures/small-detector.js';
import { graphModel, nodeOf } from '../runtimes/tfjs/node-model.js';

const jpeg = await sharp({ create: { width: 32, height: 24, channels: 3, background: '#4080c0' } })
  .jpeg()
  .toBuffer();
const card = cardOf({ kind: 'corners', outputs: { scores: 'y', boxes: 'y' } }, { tensor: 'x0' });

/** A network of one node over `x0`, whose first dimension is free. */
function networkOf(op: string, attributes: Readonly<Record<string, number>> = {}): Uint8Array {
  return graphModel(
    [['images', 3, 'height', 'width']],
    [nodeOf(op, ['x0'], 'y', attributes)],
    [{ name: 'y', dims: ['images', 3, 'height', 'width'] }],
    [],
  );
}

const load = (bytes: Uint8Array, batch: number, backend = 'ort-node', own = card) =>
  loadBatchSession(
    { model: { bytes, card: own }, backend, threads: 1, asked: {}, size: parseBenchSize('32x24'), imageFile: 'a.jpg' },
    batch,
    jpeg,
  );

test('a network that says of each image what it says of it alone takes batches', async () => {
  const { run, protocol } = await load(networkOf('Relu'), 3);
  await run();
  expect(protocol.scale).toEqual({ kind: 'original' });
});

test('a network that mixes the images of a batch is refused by the output that shows it', async () => {
  await expect(load(networkOf('Softmax', { axis: 0 }), 2)).rejects.toThrow(
    /output y: expected of image 1 of 2 what the network says of it alone.*it mixes/,
  );
  // One image is mixed with nothing.
  await (await load(networkOf('Softmax', { axis: 0 }), 1)).run();
});

test('a network that takes one image is refused with what it takes', async () => {
  const { model, card: own } = smallDetector();
  await expect(load(model, 2, 'ort-node', own)).rejects.toThrow(
    /input x0: takes 1 image at once alone \(\[1, 3, \?, \?\]\), not 2; export it with a free first dimension/,
  );
});

test('a browser measures no batches', async () => {
  await expect(load(networkOf('Relu'), 2, 'chromium/ort-wasm')).rejects.toThrow(/--batch: chromium\/ort-wasm runs in/);
});
