import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type FaceModel, readFaceModel } from '@retinabench/core';

const require = createRequire(import.meta.url);

/** The face model of @retinabench/core. */
export function loadFaceModel(): FaceModel {
  const place = { hierarchy: 'face-hierarchy.safetensors', decoder: 'face-decoder.safetensors' };
  const file = (name: string): Uint8Array => readFileSync(require.resolve(`@retinabench/core/data/mesh/${name}`));
  return readFaceModel(file(place.hierarchy), file(place.decoder), place);
}
