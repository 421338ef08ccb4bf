import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError, ModelError, refuseLfsPointer } from '@retinabench/core';
import { buildRandom, defaultSeed, randomArchitectures } from '../import/build-random.js';
import { type ImportedModel, importCheckpoint } from '../import/import-checkpoint.js';
import { checkpointFiles } from '../zoo/checkpoints.js';
import { externalModels } from '../zoo/external.js';
import { buildInstalled } from './embedded.js';
import { cachedModelPath, defaultModelFolders, type ModelFolders } from './folders.js';
import { knownModels } from './known-models.js';
import { assertSha256, cardPathOf, type LoadedModel, loadModelCard } from './load-card.js';
import { readOnnxFile } from './read-onnx-file.js';
import { saveModel } from './save-model.js';
import { platformSha256 } from './sha256.js';

/**
 * Find the model that a user names.
 *
 * A path (it ends in .onnx) needs its card beside it. An id is looked for in the cache, then built if it is embedded,
 * imported if its checkpoint lies in the shared folder, or taken from there if it is published as .onnx. What is built or
 * imported is kept in the cache; a cache that cannot be written costs time, not the run.
 *
 * @throws {ModelError} if there is no such model, naming those that there are and what to do, or it is damaged.
 */
export async function resolveModel(
  idOrPath: string,
  folders: ModelFolders = defaultModelFolders(),
): Promise<LoadedModel> {
  if (/\.onnx$/i.test(idOrPath)) return loadModelCard(idOrPath);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(idOrPath)) throw await unknownModel(idOrPath, folders);
  const onnxPath = cachedModelPath(folders, idOrPath);
  if (existsSync(onnxPath) && existsSync(cardPathOf(onnxPath))) return loadModelCard(onnxPath);
  const external = externalModels.get(idOrPath);
  if (external !== undefined) {
    const file = path.join(folders.sharedFolder, 'models', external.file);
    if (!existsSync(file)) throw await unknownModel(idOrPath, folders);
    const { bytes, sizeBytes, sha256 } = await readOnnxFile(file);
    assertSha256(sha256, external.card.sha256, file);
    return { onnxPath: file, bytes, sizeBytes, card: external.card, warnings: [] };
  }
  const made = await makeModel(idOrPath, folders);
  if (made === undefined) throw await unknownModel(idOrPath, folders);
  await saveModel(onnxPath, made).catch((error: unknown) => {
    if (!(error instanceof EnvironmentError)) throw error;
  });
  return { onnxPath, bytes: made.onnx, sizeBytes: made.onnx.length, card: made.card, warnings: [] };
}

/** Build or import the model; undefined if nothing here can. */
async function makeModel(id: string, folders: ModelFolders): Promise<ImportedModel | undefined> {
  const embedded = await buildInstalled(id);
  if (embedded !== undefined) return embedded;
  const checkpoint = checkpointFiles.get(id);
  if (randomArchitectures.includes(id)) return buildRandom(id, defaultSeed, platformSha256);
  if (checkpoint === undefined) return undefined;
  const file = path.join(folders.sharedFolder, 'models', checkpoint);
  return existsSync(file)
    ? importCheckpoint(refuseLfsPointer(await readFile(file), file, ModelError), file, id)
    : undefined;
}

async function unknownModel(asked: string, folders: ModelFolders): Promise<ModelError> {
  const models = await knownModels(folders);
  const ready = models.filter(({ state }) => state !== 'absent').map(({ id }) => id);
  const known = models.find(({ id }) => id === asked);
  const next =
    known?.state === 'absent'
      ? `get it: retinabench models pull ${asked} --accept-licence`
      : 'pass one of them, or the path of an .onnx with a card beside it';
  return new ModelError(
    `model ${asked}: expected one of ${ready.join(', ')}, got ${known === undefined ? 'an unknown id' : 'one that is not here'}; ${next}`,
  );
}
