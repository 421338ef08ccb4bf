import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  EnvironmentError,
  type FaceModel,
  loadHierarchy,
  MeshDecoder,
  ModelError,
  readDecoderWeights,
  readSafetensors,
} from '@retinabench/core';

const require = createRequire(import.meta.url);

/**
 * The face model that comes with @retinabench/core.
 *
 * @throws {EnvironmentError} if its files are missing.
 * @throws {ModelError} if they are damaged or do not belong together.
 */
export async function loadFaceModel(): Promise<FaceModel> {
  const hierarchy = loadHierarchy(await dataFile('face-hierarchy.safetensors'), 'face-hierarchy.safetensors');
  const place = 'face-decoder.safetensors';
  const file = readSafetensors(await dataFile(place), place);
  const decoder = new MeshDecoder(hierarchy, readDecoderWeights(file, hierarchy, place));
  const landmarks = (file.metadata.landmarks ?? '').split(',').map(Number);
  const known = landmarks.every((index) => Number.isInteger(index) && index >= 0 && index < decoder.vertexCount);
  if (landmarks.length !== 5 || !known) {
    throw new ModelError(
      `${place}: expected metadata landmarks, five vertices below ${decoder.vertexCount}, got ${file.metadata.landmarks}; install the package again`,
    );
  }
  return { decoder, triangles: hierarchy.levels[0].mesh.triangles, landmarks };
}

async function dataFile(name: string): Promise<Uint8Array> {
  try {
    return await readFile(require.resolve(`@retinabench/core/data/mesh/${name}`));
  } catch (cause) {
    throw new EnvironmentError(
      `@retinabench/core/data/mesh/${name}: expected the face model beside the package, got ${(cause as Error).message}; install the package again`,
      { cause },
    );
  }
}
