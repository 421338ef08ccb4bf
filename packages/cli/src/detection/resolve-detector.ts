import {
  assertDecodes,
  browserEnvironments,
  browserWarnings,
  type DetectionProtocol,
  detectionSettings,
  loadBackend,
  resolveProtocol,
  runtimeVersions,
} from '@retinabench/backends';
import { type BoxRounding, detectionBuild, type RunIdentity } from '@retinabench/backends/runs';
import { defaultModelId } from '@retinabench/models';
import {
  cardDigest,
  type DenseModelOptions,
  denseModel,
  type LoadedModel,
  resolveModel,
} from '@retinabench/models/node';
import type { QueueFlags } from '../queue/queue-flags.js';
import type { BrowserEnvironments } from '../record/write.js';
import { askedProtocol, type DetectorFlags, type ProtocolFlags } from './flags.js';

/** The flags of a run of a detector over images. */
export interface DetectionFlags extends DetectorFlags, ProtocolFlags, Partial<QueueFlags> {
  readonly workers: number;
  readonly imageTimeout: number;
  readonly boxRounding?: BoxRounding;
  readonly fresh?: boolean;
  readonly strict?: boolean;
}

/** A detector that the flags name: a model on a backend under a protocol. */
export interface ResolvedDetector {
  readonly model: LoadedModel;
  readonly asked: Partial<DetectionProtocol>;
  /** The browser that the backend runs in; absent: none. */
  readonly browsers?: BrowserEnvironments;
  /** Of a run over images: all but the images. */
  readonly identity: Omit<RunIdentity, 'dataset'>;
}

/**
 * Resolve the model, the backend and the protocol that the flags name.
 *
 * @param landmarks keep the five points of each face.
 * @param dense      run the model with a dense head, and keep what it gives for faces that score at least `leastScore`.
 * @throws {ModelError}, {ProtocolError}, {BackendError}, {EnvironmentError} as their resolvers.
 */
export async function resolveDetector(
  flags: DetectionFlags,
  landmarks: boolean,
  dense?: DenseModelOptions & { readonly leastScore: number },
): Promise<ResolvedDetector> {
  const resolved = await resolveModel(flags.model ?? defaultModelId);
  const model = dense === undefined ? resolved : await denseModel(resolved, dense);
  const { card } = model;
  const asked = askedProtocol(flags);
  const protocol = resolveProtocol(asked, card);
  const backend = await loadBackend(flags.backend);
  assertDecodes(backend.id, protocol);
  const browsers = await browserEnvironments([backend.id]);
  return {
    model: { ...model, warnings: [...model.warnings, ...browserWarnings(browsers)] },
    asked,
    ...(Object.keys(browsers).length > 0 ? { browsers } : {}),
    identity: {
      code: detectionBuild(),
      model: { id: card.id, sha256: card.sha256, cardSha256: cardDigest(card) },
      backend: { id: backend.id, version: await backend.version() },
      runtimes: await runtimeVersions(backend.id),
      settings: { ...detectionSettings(protocol, card), boxRounding: flags.boxRounding ?? 'none' },
      ...(landmarks ? { landmarks: true } : {}),
      ...(dense === undefined ? {} : { dense: { leastScore: dense.leastScore } }),
    },
  };
}
