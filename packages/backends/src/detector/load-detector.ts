import type { ModelCard } from '@retinabench/models';
import type { SessionOptions } from '../backend/backend.js';
import { loadBackend } from '../runtimes/registry.js';
import { FaceDetector } from './face-detector.js';
import { type DetectionProtocol, resolveProtocol } from './protocol.js';
import { resizerFor } from './vips-resizer.js';

/** A detector with the session that it runs on. */
export interface LoadedDetector {
  readonly detector: FaceDetector;
  /** The protocol as it applies to the model. */
  readonly protocol: DetectionProtocol;
  readonly backend: { readonly id: string; readonly version: string };
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
  model: { readonly bytes: Uint8Array; readonly card: ModelCard },
  backendId: string,
  asked: Partial<DetectionProtocol>,
  options: SessionOptions,
): Promise<LoadedDetector> {
  const protocol = resolveProtocol(asked, model.card);
  const backend = await loadBackend(backendId);
  const session = await backend.createSession(model.bytes, `model ${model.card.id}`, options);
  try {
    return {
      detector: new FaceDetector(model.card, session, protocol, resizerFor(protocol.resize)),
      protocol,
      backend: { id: backend.id, version: await backend.version() },
      dispose: () => session.dispose(),
    };
  } catch (error) {
    await session.dispose();
    throw error;
  }
}
