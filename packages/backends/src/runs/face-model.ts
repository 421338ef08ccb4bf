import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { EnvironmentError, type FaceModel, readFaceModel } from '@retinabench/core';

const require = createRequire(import.meta.url);

/**
 * The face model that comes with @retinabench/core.
 *
 * @throws {EnvironmentError} if its files are missing.
 * @throws {ModelError} if they are damaged or do not belong together.
 */
export async function loadFaceModel(): Promise<FaceModel> {
  const place = { hierarchy: 'face-hierarchy.safetensors', decoder: 'face-decoder.safetensors' };
  return readFaceModel(await dataFile(place.hierarchy), await dataFile(place.decoder), place);
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
