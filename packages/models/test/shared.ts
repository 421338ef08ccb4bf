import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** The shared data folder, present or not. */
export const sharedFolder = process.env.RETINABENCH_SHARED ?? path.join(workspace, '../shared');

/** Whether the shared data folder is there; tests that need it are skipped by name otherwise. */
export const sharedPresent = existsSync(path.join(sharedFolder, 'README.md'));

/** A file of the shared data folder. */
export function readShared(file: string): Uint8Array {
  return readFileSync(path.join(sharedFolder, file));
}

/** A float32 .npy array of the shared data folder, in C order. */
export function readSharedFloats(file: string): { dims: number[]; data: Float32Array } {
  const bytes = readShared(file);
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + headerBytes));
  if (!header.includes("'<f4'") || header.includes('True'))
    throw new Error(`${file}: not float32 in C order: ${header}`);
  const dims = (/\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  return { dims, data: new Float32Array(new Uint8Array(bytes.subarray(10 + headerBytes)).buffer) };
}
