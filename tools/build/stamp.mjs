/** Whether files that were made are those of what they were made from: by content for sources, by size and time for results. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** True if nothing has changed, on either side, since the stamp was kept. */
export function isFresh(stamp, inputs, outputs) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digest(inputs, outputs);
}

/** Note the present state of inputs and outputs in a file. */
export function keepStamp(stamp, inputs, outputs) {
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest(inputs, outputs));
}

function digest(inputs, outputs) {
  const results = outputs.flatMap((place) => filesOf(place));
  const made = new Set(results);
  const sources = inputs.flatMap((place) => filesOf(place)).filter((file) => !made.has(file) && isSource(file));
  const lines = [
    ...sources.map((file) => `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`),
    ...results.map((file) => {
      const { size, mtimeMs } = statSync(file);
      return `${file} ${size} ${mtimeMs}`;
    }),
  ];
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Declarations, maps and notes of the compiler are no part of a bundle, nor is what benches leave. */
function isSource(file) {
  return !/\.(d\.ts|map|tsbuildinfo)$|[\\/]bench-run[\\/]/.test(file);
}

/** The files below a folder, or the file, in order; none where nothing is. */
function filesOf(place) {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [place];
  return readdirSync(place, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
