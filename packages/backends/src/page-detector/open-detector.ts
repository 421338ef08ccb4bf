import { BackendError, ProtocolError } from '@retinabench/core';
import { type ModelCard, parseCard } from '@retinabench/models';
import { Turns } from '../backend/turns.js';
import { FaceDetector, type StageTimes } from '../detector/face-detector.js';
import { resolveProtocol } from '../detector/protocol.js';
import { browserBackends } from '../runtimes/browser-backends.js';
import { type Address, setAssets, textOf } from '../runtimes/wasm-folders.js';
import { fetchFile } from './fetch-file.js';
import { openInWorker } from './open-in-worker.js';
import type { DetectorOptions, PageDetector } from './page-detector.js';
import { PixelReader } from './pixel-reader.js';
import type { WorkerLike } from './worker-like.js';

/**
 * Open a detector in a page: its model and card are fetched, its runtime is started.
 *
 * @param options with `worker`, it runs there, and the page stays free: a worker whose program calls `serveDetector()`.
 * @throws {ModelError} if model or card cannot be had or do not fit.
 * @throws {BackendError} if the runtime does not run here, its files are not served, or the worker does not start.
 * @throws {ProtocolError} if a setting is unknown or out of range.
 */
export async function openDetector({
  worker,
  ...options
}: DetectorOptions & { readonly worker?: WorkerLike }): Promise<PageDetector> {
  return worker === undefined ? openHere(options) : openInWorker(worker, options);
}

async function openHere(options: DetectorOptions): Promise<PageDetector> {
  const { backend: id = 'ort-wasm', threads = 1, assets } = options;
  if (!Object.hasOwn(browserBackends, id)) {
    throw new ProtocolError(`backend: expected one of ${Object.keys(browserBackends).join(', ')}, got ${id}`);
  }
  if (assets !== undefined) setAssets(assets);
  const backend = await browserBackends[id]();
  const [{ bytes, place }, card] = await Promise.all([loadModel(options), loadCard(options)]);
  const state = await backend.availability();
  if (!state.available) throw new BackendError(`backend ${id}: ${state.reason}; ${state.remedy}`);
  const protocol = resolveProtocol(options.protocol ?? {}, card);
  const session = await backend.createSession(bytes, place, { threads });
  let detector: FaceDetector;
  try {
    detector = new FaceDetector(card, session, protocol);
  } catch (error) {
    await session.dispose();
    throw error;
  }
  const reader = new PixelReader();
  let isDisposed = false;
  const turns = new Turns();
  return {
    card,
    protocol,
    backend: id,
    version: await backend.version(),
    async detect(picture) {
      if (isDisposed) throw new BackendError(`${place}: the detector was disposed; open another`);
      // Read at once: a video goes on while others are waited for.
      const image = reader.read(picture);
      const times: StageTimes = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
      const detections = await turns.take(() => detector.detect(image, times));
      return { ...detections, widthPx: image.widthPx, heightPx: image.heightPx, times };
    },
    async dispose() {
      isDisposed = true;
      await turns.take(() => session.dispose());
    },
  };
}

async function loadModel({ model }: DetectorOptions): Promise<{ bytes: Uint8Array; place: string }> {
  if (model instanceof Uint8Array) return { bytes: model, place: 'model' };
  const { bytes, url } = await fetchFile(model, 'a model');
  return { bytes, place: url };
}

async function loadCard({ model, card }: DetectorOptions): Promise<ModelCard> {
  if (isCard(card)) return card;
  if (card === undefined && model instanceof Uint8Array) {
    throw new ProtocolError("card: expected the model's card or its address beside the bytes of a model, got none");
  }
  const { bytes, url } = await fetchFile(card ?? cardAddress(model as Address), "the model's card");
  return parseCard(new TextDecoder().decode(bytes), url);
}

/** A card, not its address. */
function isCard(card: DetectorOptions['card']): card is ModelCard {
  return typeof card === 'object' && !('href' in card);
}

/** `name.card.json` beside `name.onnx`, whatever query follows. */
function cardAddress(model: Address): string {
  return textOf(model).replace(/\.(?:onnx|tflite)(?=$|[?#])/i, '.card.json');
}
