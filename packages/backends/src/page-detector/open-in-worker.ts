import { BackendError } from '@retinabench/core';
import { resolveAssets } from '../runtimes/wasm-folders.js';
import { absoluteAddress } from './fetch-file.js';
import { inspectPicture } from './inspect-picture.js';
import type { DetectorOptions, PageDetector } from './page-detector.js';
import type { Picture } from './picture.js';
import { unreadable } from './pixel-reader.js';
import type { WorkerLike } from './worker-like.js';
import { WorkerLine } from './worker-line.js';

/** What a browser makes bitmaps with. */
type MakeBitmap = (source: object) => Promise<object>;

let opened = 0;

/** Open a detector in a worker whose program calls `serveDetector()`. Addresses are made absolute: a worker has its own. */
export async function openInWorker(worker: WorkerLike, options: DetectorOptions): Promise<PageDetector> {
  const { model, card, assets } = options;
  const line = WorkerLine.to(worker);
  const detector = ++opened;
  const settled: DetectorOptions = {
    ...options,
    model: model instanceof Uint8Array ? model : absoluteAddress(model, 'a model'),
    ...(card !== undefined &&
      (typeof card === 'string' || 'href' in card) && { card: absoluteAddress(card, "the model's card") }),
    ...(assets !== undefined && { assets: resolveAssets(assets) }),
  };
  const facts = await line.ask('open', detector, settled);
  let isDisposed = false;
  return {
    ...facts,
    async detect(picture) {
      if (isDisposed) throw new BackendError('the detector was disposed; open another');
      return sendPicture(picture, (sent, transfer) => line.ask('detect', detector, sent, transfer));
    },
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      await line.ask('dispose', detector, undefined);
    },
  };
}

/** Elements and frames go as bitmaps, which cost no copy; what holds its own pixels goes as it is. */
async function sendPicture<T>(picture: Picture, send: (sent: Picture, transfer: object[]) => Promise<T>): Promise<T> {
  const inspected = inspectPicture(picture);
  if (inspected.form !== 'drawable') return send(picture, []);
  const { source, kind, widthPx, heightPx } = inspected;
  const { createImageBitmap } = globalThis as unknown as { createImageBitmap: MakeBitmap };
  let bitmap: object;
  try {
    bitmap = await createImageBitmap(source);
  } catch (cause) {
    throw unreadable(kind, widthPx, heightPx, cause);
  }
  try {
    return await send(bitmap as unknown as Picture, [bitmap]);
  } catch (cause) {
    // A bitmap with pixels of another origin cannot be sent.
    if ((cause as Error).name === 'DataCloneError') throw unreadable(kind, widthPx, heightPx, cause);
    throw cause;
  }
}
