import {
  type DetectionProtocol,
  detectionSettings,
  loadBackend,
  resolveProtocol,
  runtimeVersions,
} from '@retinabench/backends';
import {
  type BoxRounding,
  type DetectionInit,
  detectionBuild,
  detectionWorker,
  type ImageOutcome,
  type ImageTask,
  type KeptOutputs,
  type RunIdentity,
} from '@retinabench/backends/runs';
import {
  canonicalJson,
  checkJson,
  DatasetError,
  type JsonContract,
  objectSchema,
  ProtocolError,
} from '@retinabench/core';
import { assertCard, type ModelCard } from '@retinabench/models';
import { cardDigest } from '@retinabench/models/node';
import { cpuClass, type OpenedKind, type WorkerKind } from '@retinabench/queue';

/** What a worker must know of a detector, beside the bytes of its model. */
export interface DetectionDetails {
  readonly card: ModelCard;
  readonly cardSha256: string;
  readonly backend: string;
  readonly threads: number;
  readonly asked: Partial<DetectionProtocol>;
  readonly boxRounding: BoxRounding;
  readonly keep: KeptOutputs;
  /** Of the run's identity: what the worker makes of the rest must be the same. */
  readonly settings: RunIdentity['settings'];
}

const object = { type: 'object', additionalProperties: true } as const;
const text = { type: 'string' } as const;

const contract: JsonContract = {
  schema: objectSchema({
    card: object,
    cardSha256: text,
    backend: text,
    threads: { type: 'integer', minimum: 1 },
    asked: object,
    boxRounding: { type: 'string', enum: ['none', 'truncate'] },
    keep: object,
    settings: object,
  }),
  what: 'the detector of a run',
  next: 'use the same version of retinabench on all machines',
  ErrorClass: DatasetError,
};

/** Detecting, as a worker does it. */
export const detectionKind: WorkerKind = {
  open: async (setup, model): Promise<OpenedKind<DetectionInit, ImageTask, ImageOutcome>> => {
    const place = `run ${setup.run}`;
    const details = checkJson<DetectionDetails>(setup.details, place, contract);
    const card = assertCard(details.card, place);
    if (cardDigest(card) !== details.cardSha256) {
      throw new DatasetError(`${place}: its card is not the one that its identity names; ${contract.next}`);
    }
    const protocol = resolveProtocol(details.asked, card);
    const settings = { ...detectionSettings(protocol, card), boxRounding: details.boxRounding };
    if (canonicalJson(settings) !== canonicalJson(details.settings)) {
      throw new ProtocolError(
        `${place}: expected the settings ${canonicalJson(details.settings)}, got ${canonicalJson(settings)} here; ${contract.next}`,
      );
    }
    if (setup.models.length !== 1) throw new DatasetError(`${place}: expected one model, got ${setup.models.length}`);
    const backend = await loadBackend(details.backend);
    const bytes = await model(setup.models[0]);
    return {
      conditions: {
        code: detectionBuild(),
        backend: { id: backend.id, version: await backend.version() },
        runtimes: await runtimeVersions(backend.id),
        cpu: cpuClass(),
      },
      module: detectionWorker,
      init: {
        model: { bytes, card },
        backend: details.backend,
        threads: details.threads,
        asked: details.asked,
        boxRounding: details.boxRounding,
        keep: details.keep,
      },
      toTask: ([{ name, file }]) => ({ image: name, file }),
      toAnswers: ({ reading, detected }) => [{ sha256: reading.sha256, answer: detected }],
    };
  },
};
