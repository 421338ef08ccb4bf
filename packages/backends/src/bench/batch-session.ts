import { BackendError, ModelError } from '@retinabench/core';
import type { Backend, Session, Tensor } from '../backend/backend.js';
import { formatDims } from '../backend/network-signature.js';
import { BrowserBackend } from '../browsers/browser-backend.js';
import { InputBuilder } from '../detector/input-builder.js';
import { frameFor } from '../detector/input-frame.js';
import { type DetectionProtocol, resolveProtocol } from '../detector/protocol.js';
import { passesOf } from '../detector/scale-rule.js';
import { resizerFor } from '../detector/vips-resizer.js';
import { decodeImage } from '../image/decode.js';
import { loadBackend } from '../registry/registry.js';
import type { BenchInit } from './messages.js';

/** A network that is given several images at once. */
export interface BatchSession {
  readonly protocol: DetectionProtocol;
  readonly version: string;
  /** Run it once on all images. */
  run(): Promise<void>;
}

/**
 * Load a network and give it `batch` images at once: the photograph, in several brightnesses. What it says of each has to be
 * what it says of it alone, else it takes no batches.
 *
 * @param jpeg the photograph at the size of the bench.
 * @throws {ModelError} if the network takes another number of images, mixes them, or is fed more than the image.
 * @throws {BackendError} if the backend runs in a browser, or fails.
 */
export async function loadBatchSession(
  { model, backend: id, threads, asked, imageFile }: BenchInit,
  batch: number,
  jpeg: Buffer,
): Promise<BatchSession> {
  const { card, bytes } = model;
  const backend = await loadBackend(id);
  if (backend instanceof BrowserBackend) {
    throw new BackendError(
      `--batch: ${id} runs in a browser, where batches are not measured; choose a backend of Node`,
    );
  }
  if (card.input.sides !== undefined) {
    throw new ModelError(
      `model ${card.id}: is fed the sides of its image, so that it takes one at a time; leave --batch out`,
    );
  }
  const session = await backend.createSession(bytes, `model ${card.id}`, { threads });
  const first = session.signature?.inputs.find(({ name }) => name === card.input.tensor)?.dims;
  if (first?.[0] !== undefined && first[0] !== batch) {
    throw new ModelError(
      `model ${card.id}: input ${card.input.tensor}: takes ${first[0]} ${first[0] === 1 ? 'image' : 'images'} at once alone (${formatDims(first)}), not ${batch}; export it with a free first dimension, or leave it out of --batch`,
    );
  }
  const protocol = resolveProtocol(asked, card);
  const image = await decodeImage(jpeg, imageFile);
  const [pass] = passesOf(protocol.scale, image.widthPx, image.heightPx);
  const frame = frameFor(card.input.size, pass, image.widthPx, image.heightPx);
  const one = await new InputBuilder(card.input, resizerFor(protocol.resize)).build(image, frame);
  const images = Array.from({ length: batch }, (_, at) => one.data.map((value) => value * (1 - at / (2 * batch))));
  const data = new Float32Array(one.data.length * batch);
  images.forEach((pixels, at) => {
    data.set(pixels, at * pixels.length);
  });
  const feeds = { [card.input.tensor]: { data, dims: [batch, ...one.dims.slice(1)] } };
  await assertSeparate({ session, backend, feeds, images, place: `model ${card.id}` });
  return {
    protocol,
    version: await backend.version(),
    run: async () => {
      await session.run(feeds);
    },
  };
}

/** What the network says of each image of a batch has to be what it says of it alone, within the backend's tolerance. */
async function assertSeparate({
  session,
  backend: { tolerance },
  feeds,
  images,
  place,
}: {
  readonly session: Session;
  readonly backend: Backend;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly images: readonly Float32Array[];
  readonly place: string;
}): Promise<void> {
  const batch = images.length;
  const [[input, { dims }]] = Object.entries(feeds);
  const together = new Map(
    Object.entries(await session.run(feeds)).map(([name, { data }]) => [name, Float32Array.from(data)]),
  );
  for (const [at, data] of images.entries()) {
    const alone = await session.run({ [input]: { data, dims: [1, ...dims.slice(1)] } });
    for (const [name, { data: expected }] of Object.entries(alone)) {
      const all = together.get(name) ?? new Float32Array(0);
      const own = all.subarray(at * expected.length, (at + 1) * expected.length);
      const agrees =
        all.length === expected.length * batch &&
        expected.every((value, index) => {
          const off = Math.abs(own[index] - value);
          return off <= tolerance.absolute + tolerance.relative * Math.abs(value);
        });
      if (agrees) continue;
      throw new ModelError(
        `${place}: output ${name}: expected of image ${at + 1} of ${batch} what the network says of it alone, got other numbers: it mixes the images of a batch; leave --batch out`,
      );
    }
  }
}
