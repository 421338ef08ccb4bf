import type { ModelCard } from '@retinabench/models';
import type { Backend, SessionOptions } from '../backend/backend.js';
import { BrowserBackend } from '../browsers/browser-backend.js';
import { HostedDetector } from '../browsers/hosted-detector.js';
import { FaceDetector } from '../detector/face-detector.js';
import type { ImageDetector } from '../detector/image-detector.js';
import { type DetectionProtocol, resolveProtocol } from '../detector/protocol.js';
import { resizerFor } from '../detector/vips-resizer.js';
import { assertDecodes } from './assert-decodes.js';
import { loadBackend } from './registry.js';

/** A model and its card. */
interface DetectorModel {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
}

/** A detector with the session that it runs on. */
export interface LoadedDetector {
  readonly detector: ImageDetector;
  /** The protocol as it applies to the model. */
  readonly protocol: DetectionProtocol;
  readonly backend: { readonly id: string; readonly version: string };
  /** Time of loading the model, milliseconds, by the clock of where it runs: without starting a browser. */
  readonly loadMs: number;
  /** Memory of the browser's page in bytes; absent where the detector runs in this process. */
  memoryBytes?(): Promise<number | undefined>;
  /** Free the session. */
  dispose(): Promise<void>;
}

/**
 * Load a model on a backend and make a detector of it.
 *
 * @param model the bytes of the .onnx and its card.
 * @param asked settings that differ from the card's defaults.
 * @throws {ModelError}, {BackendError}, {ProtocolError} as createSession and resolveProtocol.
 */
export async function loadDetector(
  model: DetectorModel,
  backendId: string,
  asked: Partial<DetectionProtocol>,
  options: SessionOptions,
): Promise<LoadedDetector> {
  const protocol = resolveProtocol(asked, model.card);
  const backend = await loadBackend(backendId);
  assertDecodes(backend.id, protocol);
  const loaded =
    backend instanceof BrowserBackend
      ? await loadHosted(backend, model, protocol, options)
      : await loadHere(backend, model, protocol, options);
  return { ...loaded, protocol, backend: { id: backend.id, version: await backend.version() } };
}

type Loaded = Omit<LoadedDetector, 'protocol' | 'backend'>;

async function loadHosted(
  backend: BrowserBackend,
  model: DetectorModel,
  protocol: DetectionProtocol,
  options: SessionOptions,
): Promise<Loaded> {
  const detector = await HostedDetector.open(backend, model, protocol, options);
  return {
    detector,
    loadMs: detector.loadMs,
    memoryBytes: () => detector.memoryBytes(),
    dispose: () => detector.dispose(),
  };
}

async function loadHere(
  backend: Backend,
  { bytes, card }: DetectorModel,
  protocol: DetectionProtocol,
  options: SessionOptions,
): Promise<Loaded> {
  const startedMs = performance.now();
  const session = await backend.createSession(bytes, `model ${card.id}`, options);
  try {
    const detector = new FaceDetector(card, session, protocol, resizerFor(protocol.resize));
    return { detector, loadMs: performance.now() - startedMs, dispose: () => session.dispose() };
  } catch (error) {
    await session.dispose();
    throw error;
  }
}
