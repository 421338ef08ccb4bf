import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../../..', import.meta.url));

/** The shared data folder: `RETINABENCH_SHARED`, else ../shared from the workspace. */
const shared = process.env.RETINABENCH_SHARED ?? path.join(workspace, '../shared');

/** Path of a file of the shared data folder. */
export function sharedPath(name: string): string {
  return path.join(shared, name);
}

/** Whether the shared data folder has `name`; tests that need it skip where it does not. */
export function hasShared(name: string): boolean {
  return existsSync(sharedPath(name));
}

/** Read a little-endian float32 array in NumPy's format, version 1.0. */
export function readNpyFloat32(name: string): { data: Float32Array; shape: number[] } {
  const bytes = readFileSync(sharedPath(name));
  const headerLength = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + headerLength);
  const shape = /'shape': \(([^)]*)\)/.exec(header);
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False") || shape === null) {
    throw new Error(`${name}: expected a C-ordered <f4 array, got ${header}`);
  }
  const dimensions = shape[1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const data = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + 10 + headerLength, bytes.byteOffset + bytes.length),
  );
  return { data, shape: dimensions };
}
