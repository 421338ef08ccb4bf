import { detectionSettings, loadBackend, resolveProtocol, runtimeVersions } from '@retinabench/backends';
import {
  type DetectionInit,
  detectionBuild,
  detectionWorker,
  type ImageOutcome,
  type ImageTask,
  type RunIdentity,
} from '@retinabench/backends/runs';
import {
  canonicalJson,
  checkJson,
  DatasetError,
  type JsonContract,
  type JsonSchema,
  objectSchema,
  ProtocolError,
} from '@retinabench/core';
import { assertCard, type ModelCard } from '@retinabench/models';
import { cardDigest } from '@retinabench/models/node';
import { cpuClass, type OpenedKind, type WorkerKind } from '@retinabench/queue';
import { mostSlots } from '@retinabench/queue/settings';

/** What a worker must know of a detector, beside the bytes of its model. */
export interface DetectionDetails {
  readonly card: ModelCard;
  readonly cardSha256: string;
  /** All that a worker process is told beside its model, so that nothing that it does differs by machine. */
  readonly init: Omit<DetectionInit, 'model'>;
  /** Of the run's identity: what the worker makes of the rest must be the same. */
  readonly settings: RunIdentity['settings'];
}

const object = { type: 'object', additionalProperties: true } as const;
const text = { type: 'string' } as const;

const init = {
  ...objectSchema({
    backend: text,
    threads: { type: 'integer', minimum: 1, maximum: mostSlots },
    asked: object,
    boxRounding: { type: 'string', enum: ['none', 'truncate'] },
  }),
  additionalProperties: true,
} as const satisfies JsonSchema;

const contract: JsonContract = {
  schema: objectSchema({
    card: object,
    cardSha256: text,
    init,
    settings: object,
  }),
  what: 'the detector of a run',
  next: 'use the same version of retinabench on all machines',
  ErrorClass: DatasetError,
};

/** What runs in the child processes of a worker. */
export const detectionModule = detectionWorker;

/** Detecting, as a worker does it. */
export const detectionKind: WorkerKind = {
  open: async (setup, model): Promise<OpenedKind<DetectionInit, ImageTask, ImageOutcome>> => {
    const place = `run ${setup.run}`;
    const details = checkJson<DetectionDetails>(setup.details, place, contract);
    const card = assertCard(details.card, place);
    if (cardDigest(card) !== details.cardSha256) {
      throw new DatasetError(`${place}: its card is not the one that its identity names; ${contract.next}`);
    }
    const protocol = resolveProtocol(details.init.asked, card);
    const settings = { ...detectionSettings(protocol, card), boxRounding: details.init.boxRounding };
    if (canonicalJson(settings) !== canonicalJson(details.settings)) {
      throw new ProtocolError(
        `${place}: expected the settings ${canonicalJson(details.settings)}, got ${canonicalJson(settings)} here; ${contract.next}`,
      );
    }
    if (setup.models.length !== 1) throw new DatasetError(`${place}: expected one model, got ${setup.models.length}`);
    const backend = await loadBackend(details.init.backend);
    const bytes = await model(setup.models[0]);
    return {
      conditions: {
        code: detectionBuild(),
        backend: { id: backend.id, version: await backend.version() },
        runtimes: await runtimeVersions(backend.id),
        cpu: cpuClass(),
      },
      module: detectionWorker,
      init: { ...details.init, model: { bytes, card } },
      toTask: ([{ name, file }]) => ({ image: name, file }),
      toAnswers: ({ reading, detected }) => [{ sha256: reading.sha256, answer: detected }],
    };
  },
};
