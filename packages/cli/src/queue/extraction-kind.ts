import { type DetectionProtocol, loadBackend, runtimeVersions } from '@retinabench/backends';
import {
  canonicalJson,
  checkJson,
  DatasetError,
  type JsonContract,
  objectSchema,
  objectSchemaWithOptional,
  ProtocolError,
} from '@retinabench/core';
import {
  type ExtractInit,
  type ExtractResult,
  type ExtractTask,
  extractionBuild,
  extractionSettings,
  extractionWorker,
  type ModelFile,
} from '@retinabench/eval-ijbc';
import { assertCard, cropPlanOf, type ModelCard } from '@retinabench/models';
import { cardDigest } from '@retinabench/models/node';
import { cpuClass, type OpenedKind, type RunSetup, type SetupModel, type WorkerKind } from '@retinabench/queue';
import { mostSlots } from '@retinabench/queue/settings';
import type { ProtocolSettings } from '@retinabench/results';
import { packFace } from './extraction-codec.js';

/** A model of an extraction, beside its bytes. */
export interface ExtractionModelDetails {
  readonly card: ModelCard;
  readonly cardSha256: string;
}

/** What a worker must know of an extraction, beside the bytes of its models. */
export interface ExtractionDetails {
  readonly backend: string;
  readonly threads: number;
  readonly flip: boolean;
  readonly resizeLongPx?: number;
  /** In the order of the run's models: the detector, the landmarker, the embedder; what is not used is absent. */
  readonly roles: readonly ('detector' | 'landmarker' | 'embedder')[];
  readonly cards: readonly ExtractionModelDetails[];
  readonly asked: Partial<DetectionProtocol>;
  /** Of the run's identity: what the worker makes of the rest must be the same. */
  readonly settings: ProtocolSettings;
}

const object = { type: 'object', additionalProperties: true } as const;
const text = { type: 'string' } as const;

const contract: JsonContract = {
  schema: objectSchemaWithOptional(
    {
      backend: text,
      threads: { type: 'integer', minimum: 1, maximum: mostSlots },
      flip: { type: 'boolean' },
      resizeLongPx: { type: 'integer', minimum: 16, maximum: 1_000_000 },
      roles: { type: 'array', items: { type: 'string', enum: ['detector', 'landmarker', 'embedder'] } },
      cards: { type: 'array', items: objectSchema({ card: object, cardSha256: text }) },
      asked: object,
      settings: object,
    },
    ['resizeLongPx'],
  ),
  what: 'the models of an extraction',
  next: 'use the same version of retinabench on all machines',
  ErrorClass: DatasetError,
};

/** Extracting features, as a worker does it. */
export const extractionKind: WorkerKind = {
  open: async (setup, model): Promise<OpenedKind<ExtractInit, ExtractTask, ExtractResult[]>> => {
    const place = `run ${setup.run}`;
    const details = checkJson<ExtractionDetails>(setup.details, place, contract);
    const { backend: backendId, threads, flip, resizeLongPx, asked } = details;
    const files = await modelFiles(setup, details, model, place);
    const embedder = files.get('embedder');
    if (embedder === undefined) throw new DatasetError(`${place}: expected an embedder, got none; ${contract.next}`);
    const [detector, landmarker] = [files.get('detector'), files.get('landmarker')];
    const { input, embedding, id } = embedder.card;
    // Of the card that the identity names, not of the queue.
    const crop = cropPlanOf(input, embedding, `model ${id}`);
    const choice = { crop, mirror: flip, asked, ...(resizeLongPx === undefined ? {} : { resizeLongPx }) };
    const cards = {
      embedder: embedder.card,
      ...(detector === undefined ? {} : { detector: detector.card }),
      ...(landmarker === undefined ? {} : { landmarker: landmarker.card }),
    };
    assertSettings(details, extractionSettings(choice, cards), place);
    const backend = await loadBackend(backendId);
    return {
      conditions: {
        code: extractionBuild(),
        backend: { id: backend.id, version: await backend.version() },
        runtimes: await runtimeVersions(backend.id),
        cpu: cpuClass(),
      },
      module: extractionWorker,
      init: {
        ...(detector === undefined ? {} : { detector: { ...detector, asked } }),
        ...(landmarker === undefined ? {} : { landmarker }),
        embedder,
        crop,
        backend: backendId,
        threads,
        flip,
        ...(resizeLongPx === undefined ? {} : { resizeLongPx }),
      },
      toTask: (images) => ({
        images: images.map(({ file, numbers }) => ({
          file,
          ...(numbers === undefined ? {} : { points: numbers.slice(0, 10) }),
          ...(numbers?.[10] === undefined ? {} : { score: numbers[10] }),
        })),
      }),
      toAnswers: (results) =>
        results.map(({ reading, face }) => ({
          sha256: reading.sha256,
          answer: face === undefined ? undefined : packFace(face),
        })),
    };
  },
};

/** @throws {ProtocolError} if this machine would extract with other settings than the run's identity names. */
function assertSettings({ settings: asked }: ExtractionDetails, own: ProtocolSettings, place: string): void {
  if (canonicalJson(own) === canonicalJson(asked)) return;
  throw new ProtocolError(
    `${place}: expected the settings ${canonicalJson(asked)}, got ${canonicalJson(own)} here; ${contract.next}`,
  );
}

/** The models of a run by their roles, with cards that are those of its identity. */
async function modelFiles(
  setup: RunSetup,
  { roles, cards }: ExtractionDetails,
  model: (model: SetupModel) => Promise<Uint8Array>,
  place: string,
): Promise<Map<string, ModelFile>> {
  if (roles.length !== setup.models.length || cards.length !== roles.length) {
    throw new DatasetError(
      `${place}: expected a card and a role for each of ${setup.models.length} models; ${contract.next}`,
    );
  }
  const files = new Map<string, ModelFile>();
  for (const [i, role] of roles.entries()) {
    const card = assertCard(cards[i].card, place);
    if (cardDigest(card) !== cards[i].cardSha256) {
      throw new DatasetError(
        `${place}: the card of its ${role} is not the one that its identity names; ${contract.next}`,
      );
    }
    files.set(role, { onnxPath: `${card.id}.onnx`, bytes: await model(setup.models[i]), card });
  }
  return files;
}
