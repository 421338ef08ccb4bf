import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { closestName, EnvironmentError, ModelError, refuseLfsPointer, shortenText } from '@retinabench/core';
import type { ModelCard } from '../card/card.js';
import { buildRandom, defaultSeed } from '../import/build-random.js';
import { type ImportedModel, importCheckpoint } from '../import/import-checkpoint.js';
import { formatOfName } from '../onnx/other-formats.js';
import { catalogue } from '../zoo/catalogue.js';
import type { OwnModel, PublishedModel, ZooModel } from '../zoo/zoo-model.js';
import { buildInstalled } from './embedded.js';
import { cachedModelPath, defaultModelFolders, type ModelFolders } from './folders.js';
import { checkOutModel, parseGitModelName } from './git-model.js';
import { knownModels } from './known-models.js';
import { assertSha256, cardPathOf, type LoadedModel, loadModelCard } from './load-card.js';
import { ownModelPath } from './own-model-path.js';
import { readOnnxFile } from './read-onnx-file.js';
import { saveModel } from './save-model.js';
import { platformSha256 } from './sha256.js';

/** Most characters of a path that a message shows. */
const longestPath = 200;

/**
 * Find the model that a user names.
 *
 * A path (it ends in .onnx or .tflite) needs its card beside it, also at a revision of the repository here (`git:REV:PATH`); a name that is no id and ends as files of other formats do is refused as one. An id of our own is read
 * from this package; another is looked for in the cache, then built if it is embedded,
 * imported if its checkpoint lies in the shared folder, or taken from there if it is published as .onnx. What is built or
 * imported is kept in the cache; a cache that cannot be written costs time, not the run.
 *
 * @throws {ModelError} if there is no such model, naming those that there are and what to do, or it is damaged.
 */
export async function resolveModel(
  idOrPath: string,
  folders: ModelFolders = defaultModelFolders(),
): Promise<LoadedModel> {
  const inGit = parseGitModelName(idOrPath);
  if (inGit !== undefined) return loadModelCard(await checkOutModel(inGit, folders));
  if (/\.(onnx|tflite)$/i.test(idOrPath)) return loadModelCard(idOrPath);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(idOrPath)) throw await unknownModel(idOrPath, folders);
  const model = catalogue.get(idOrPath);
  if (model?.origin === 'own') return readZooFile(ownModelPath(model), model.card);
  const onnxPath = cachedModelPath(folders, idOrPath);
  if (existsSync(onnxPath) && existsSync(cardPathOf(onnxPath))) return loadModelCard(onnxPath);
  if (model?.origin === 'published') {
    const file = path.join(folders.sharedFolder, 'models', model.file.name);
    if (!existsSync(file)) throw await unknownModel(idOrPath, folders);
    return readZooFile(file, model.card);
  }
  const made = model === undefined ? undefined : await makeModel(model, folders);
  if (made === undefined) throw await unknownModel(idOrPath, folders);
  await saveModel(onnxPath, made).catch((error: unknown) => {
    if (!(error instanceof EnvironmentError)) throw error;
  });
  return { onnxPath, bytes: made.onnx, sizeBytes: made.onnx.length, card: made.card, warnings: [] };
}

/** A file with the card that was written for exactly it. @throws {ModelError} if it is missing or another. */
async function readZooFile(onnxPath: string, card: ModelCard): Promise<LoadedModel> {
  const { bytes, sizeBytes, sha256 } = await readOnnxFile(onnxPath);
  assertSha256(sha256, card.sha256, onnxPath);
  return { onnxPath, bytes, sizeBytes, card, warnings: [] };
}

/** Build or import the model; undefined if nothing here can. */
async function makeModel(
  model: Exclude<ZooModel, OwnModel | PublishedModel>,
  { sharedFolder }: ModelFolders,
): Promise<ImportedModel | undefined> {
  if (model.origin === 'embedded') return buildInstalled(model);
  if (model.origin === 'random') return buildRandom(model.card.id, defaultSeed, platformSha256);
  const file = path.join(sharedFolder, 'models', model.file.name);
  return existsSync(file)
    ? importCheckpoint(refuseLfsPointer(await readFile(file), file, ModelError), file, model.card.id)
    : undefined;
}

/** Where a model of the catalogue was looked for, with what sets the folders. */
function placesOf(id: string, folders: ModelFolders): string {
  const cache = `no ${cachedModelPath(folders, id)} in the cache (RETINABENCH_CACHE)`;
  const model = catalogue.get(id);
  if (model?.origin !== 'checkpoint' && model?.origin !== 'published') return cache;
  const shared = path.resolve(folders.sharedFolder, 'models', model.file.name);
  return `${cache}, no ${shared} in the shared data folder (RETINABENCH_SHARED, by default ../shared of the current directory)`;
}

/** The error for an id that names no model, or one that is not here: what there is, what was probably meant, what to do. */
export async function unknownModel(asked: string, folders: ModelFolders): Promise<ModelError> {
  const other = formatOfName(asked);
  if (other !== undefined) {
    return new ModelError(
      `model ${shortenText(asked, longestPath)}: expected an id or an .onnx, got ${other.what}; ${other.next}`,
    );
  }
  const models = await knownModels(folders);
  const ready = models.filter(({ state }) => state !== 'absent').map(({ id }) => id);
  if (models.some(({ id }) => id === asked)) {
    return new ModelError(
      `model ${asked}: expected one of ${ready.join(', ')}, got one that is not here: ${placesOf(asked, folders)}; get it: retinabench models pull ${asked} --accept-licence`,
    );
  }
  const meant = closestName(
    asked,
    models.map(({ id }) => id),
  );
  return new ModelError(
    `model ${shortenText(asked)}: expected one of ${ready.join(', ')}, got an unknown id; ${
      meant === undefined
        ? 'pass one of them, or the path of an .onnx with a card beside it'
        : `did you mean ${meant}? Or pass the path of an .onnx with a card beside it`
    }`,
  );
}
