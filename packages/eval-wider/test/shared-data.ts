import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The shared data folder, found as its README says. */
export const sharedFolder = path.resolve(root, process.env.RETINABENCH_SHARED ?? '../shared');

/** A path in the shared data folder. */
export function shared(...parts: string[]): string {
  return path.join(sharedFolder, ...parts);
}

/** Whether the tests that need WIDER FACE must skip. */
export const sharedIsAbsent = !existsSync(shared('datasets', 'wider', 'ground_truth', 'wider_face_val.mat'));
