// What lies in folders, byte for byte but for the times at which images were done and the stamps of their files.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Files below a folder by relative name; `keep` chooses. */
export function contentOf(folder, keep = () => true) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((file) => path.relative(folder, path.join(file.parentPath ?? file.path, file.name)));
  return new Map(
    names
      .filter(keep)
      .sort()
      .map((name) => [name, withoutTimes(name, readFileSync(path.join(folder, name)))]),
  );
}

/** The settings and hashes of an extraction without what differs between two runs that agree. */
function withoutTimes(name, bytes) {
  if (name.endsWith('-images.jsonl')) {
    const lines = bytes
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return Buffer.from(JSON.stringify([...new Map(lines.map((line) => [line.name, line.sha256]))].sort()));
  }
  if (!name.endsWith('.json')) return bytes;
  return Buffer.from(bytes.toString().replaceAll(/"(earliest|latest)": "[^"]*"/g, '"$1": ""'));
}

/** Names of files that only one side has, or that differ. */
export function differences(expected, actual) {
  const names = new Set([...expected.keys(), ...actual.keys()]);
  return [...names].filter((name) => !(expected.get(name)?.equals(actual.get(name) ?? Buffer.from('absent')) ?? false));
}

/** The prediction files of a run folder. */
export function predictionsOf(folder) {
  return contentOf(folder, (name) => name.endsWith('.txt'));
}

/** Images that the log of a run folder holds, as often as it does; a last line that was torn does not count. */
export function detectedImages(folder) {
  const log = readFileSync(path.join(folder, '.retinabench', 'detections.jsonl'), 'utf8');
  return log
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).image);
}
