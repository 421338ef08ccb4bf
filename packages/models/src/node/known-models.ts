import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeText, isRetinaBenchError } from '@retinabench/core';
import type { ModelCard } from '../card/card.js';
import { parseCard } from '../card/parse.js';
import { catalogue } from '../zoo/catalogue.js';
import type { ZooModel } from '../zoo/zoo-model.js';
import { cachedModelPath, type ModelFolders } from './folders.js';
import { cardPathOf } from './load-card.js';

/** A model of the zoo and whether it can be used here. */
export interface KnownModel {
  readonly id: string;
  readonly title: string;
  readonly task: ModelCard['task'];
  readonly licence: string;
  /** How it comes to be: trained by us and part of this package, from a package installed here, from seeded random weights, from a PyTorch checkpoint, published as .onnx, or imported by the user. */
  readonly origin: ZooModel['origin'] | 'imported';
  /** `cached`: a file is there. `available`: it is made or read on first use. `absent`: its file has to be fetched. */
  readonly state: 'cached' | 'available' | 'absent';
  readonly landmarks: boolean;
  /** Known once the model exists. */
  readonly parameters?: number;
  readonly sha256?: string;
  readonly published?: ModelCard['published'];
  /** The whole card; `sha256` and `parameters` are known once the model exists. */
  readonly card: ZooCard;
}

/** A card, whole but for what only the finished file says. */
export type ZooCard = Omit<ModelCard, 'sha256' | 'parameters'> & Partial<ModelCard>;

/** The models that the registry knows and those in the cache, by id. */
export async function knownModels(folders: ModelFolders): Promise<KnownModel[]> {
  const cached = await cachedCards(folders);
  const models = new Map<string, KnownModel>();
  for (const [id, model] of catalogue) {
    const card = 'sha256' in model.card ? model.card : { ...model.card, ...cached.get(id) };
    const state = cached.has(id) ? 'cached' : isAtHand(model, folders) ? 'available' : 'absent';
    models.set(id, describe(card, model.origin, state));
  }
  for (const [id, card] of cached) {
    if (!models.has(id)) models.set(id, describe(card, 'imported', 'cached'));
  }
  return [...models.values()];
}

/** Whether the model can be built without a download. */
function isAtHand(model: ZooModel, { sharedFolder }: ModelFolders): boolean {
  return model.origin === 'own' || model.origin === 'embedded' || model.origin === 'random'
    ? true
    : existsSync(path.join(sharedFolder, 'models', model.file.name));
}

function describe(
  card: Omit<ModelCard, 'schemaVersion' | 'sha256' | 'parameters'> & Partial<ModelCard>,
  origin: KnownModel['origin'],
  state: KnownModel['state'],
): KnownModel {
  const { id, title, task, licence, landmarks, parameters, sha256, published } = card;
  return {
    id,
    title,
    task,
    licence,
    origin,
    state,
    landmarks,
    ...(parameters === undefined ? {} : { parameters }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(published === undefined ? {} : { published }),
    card: { schemaVersion: 1, ...card },
  };
}

/** Cards in the cache by id; a damaged one is left out, since using the model says what is wrong with it. */
async function cachedCards(folders: ModelFolders): Promise<Map<string, ModelCard>> {
  const folder = path.dirname(cachedModelPath(folders, 'any'));
  const names = await readdir(folder).catch(() => [] as string[]);
  const cards = new Map<string, ModelCard>();
  for (const name of names.filter((name) => name.endsWith('.onnx')).sort()) {
    const cardPath = cardPathOf(path.join(folder, name));
    try {
      const card = parseCard(decodeText(await readFile(cardPath), cardPath), cardPath);
      if (cachedModelPath(folders, card.id) === path.join(folder, name)) cards.set(card.id, card);
    } catch (error) {
      if (!isRetinaBenchError(error) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }
  return cards;
}
