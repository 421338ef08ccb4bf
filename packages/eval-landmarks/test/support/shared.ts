import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShapedNumbers } from '../../src/set/set-of-array.js';

const workspace = fileURLToPath(new URL('../../../..', import.meta.url));

/** The shared data folder: `RETINABENCH_SHARED`, else ../shared from the workspace. */
const shared = process.env.RETINABENCH_SHARED ?? path.join(workspace, '../shared');

/** Path of a file of golden/landmarks. */
export const goldenPath = (name: string): string => path.join(shared, 'golden/landmarks', name);

/** Whether golden/landmarks is there; tests that need it skip where it is not. */
export const hasGolden = existsSync(goldenPath('README.md'));

/** A text file of golden/landmarks. */
export const goldenText = (name: string): string => readFileSync(goldenPath(name), 'utf8');

/** A JSON file of golden/landmarks, as its caller says that it is. */
export function goldenJson<T>(name: string): T {
  return JSON.parse(goldenText(name)) as T;
}

/** An array of golden/landmarks in NumPy's format. */
export function goldenArray(name: string): ShapedNumbers {
  const bytes = readFileSync(goldenPath(name));
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').split(',').filter((part) => part.trim() !== '');
  const data = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  const type = /'descr': '([^']*)'/.exec(header)?.[1];
  const values =
    type === '<f4' ? new Float32Array(data) : type === '<f8' ? new Float64Array(data) : new Uint8Array(data);
  if (type !== '<f4' && type !== '<f8' && type !== '|u1' && type !== '|b1') throw new Error(`${name}: ${type}`);
  return { values: Float64Array.from(values), shape: shape.map(Number) };
}
