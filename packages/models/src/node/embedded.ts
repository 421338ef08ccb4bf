import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ModelError } from '@retinabench/core';
import { buildEmbedded } from '../import/build-embedded.js';
import type { ImportedModel } from '../import/import-checkpoint.js';
import type { EmbeddedModel } from '../zoo/zoo-model.js';
import { platformSha256 } from './sha256.js';

const require = createRequire(import.meta.url);

/** Folder of the installed package @vladmandic/face-api. @throws {ModelError} if it is not installed. */
export function faceApiFolder(): string {
  try {
    return path.dirname(require.resolve('@vladmandic/face-api/package.json'));
  } catch (cause) {
    throw new ModelError(
      'package @vladmandic/face-api: expected it installed, as the embedded models lie in it; run npm ci',
      {
        cause,
      },
    );
  }
}

/**
 * Build an embedded model from the package installed here.
 *
 * @throws {ModelError} if the package is missing or its weights are damaged.
 */
export async function buildInstalled(model: EmbeddedModel): Promise<ImportedModel> {
  const file = path.join(faceApiFolder(), 'model', model.weights);
  try {
    const manifest = await readFile(`${file}-weights_manifest.json`, 'utf8');
    return buildEmbedded(model, manifest, await readFile(`${file}.bin`), platformSha256);
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw new ModelError(`${file}: expected its weights, got ${(cause as Error).message}; run npm ci`, { cause });
  }
}
