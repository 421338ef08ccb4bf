import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCheckpoint } from '@retinabench/models';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** The shared data folder, present or not. */
export const sharedFolder = process.env.RETINABENCH_SHARED ?? path.join(workspace, '../shared');

/** Whether the shared data folder is there; tests that need it are skipped by name otherwise. */
export const sharedPresent = existsSync(path.join(sharedFolder, 'README.md'));

/** A network of the shared data folder: an .onnx as it is, a checkpoint as the graph writer writes it. */
export function sharedModel(file: string): Uint8Array {
  const bytes = readFileSync(path.join(sharedFolder, 'models', file));
  return file.endsWith('.pth') ? importCheckpoint(bytes, file, file.slice(0, -'.pth'.length)).onnx : bytes;
}
