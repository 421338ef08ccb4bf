import { fileURLToPath } from 'node:url';
import type { OwnModel } from '../zoo/zoo-model.js';

/** Where the .onnx of a model of ours lies in this package. */
export function ownModelPath({ file }: OwnModel): string {
  return fileURLToPath(new URL(`../../data/${file}`, import.meta.url));
}
