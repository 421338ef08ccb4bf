import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';

/** A file below a folder. */
export interface ListedFile {
  /** Its path below the folder, parts joined by `/`, in composed characters (NFC). */
  readonly name: string;
  /** Where it is, as the system names it. */
  readonly file: string;
}

/** Deepest folder below the one that is listed. */
const deepest = 32;

/**
 * The files below a folder, sorted by name. Hidden files and folders (`.name`, `._name`, `.ipynb_checkpoints`) and
 * `__MACOSX` are left by systems and editors and passed over. Links are followed, each folder once.
 *
 * @throws {EnvironmentError} if a folder cannot be read.
 * @throws {DatasetError} if folders are nested too deep.
 * Cost: O(files log files).
 */
export function listFiles(folder: string): ListedFile[] {
  const found: ListedFile[] = [];
  collect(folder, '', found, new Set(), 0);
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Whether a name is one that systems and editors leave. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX';
}

function collect(folder: string, prefix: string, found: ListedFile[], visited: Set<string>, depth: number): void {
  if (depth > deepest) {
    throw new DatasetError(
      `${folder}: expected at most ${deepest} folders in one another, got more; choose one of them`,
    );
  }
  let entries: ReturnType<typeof readEntries>;
  try {
    const real = realpathSync(folder);
    if (visited.has(real)) return;
    visited.add(real);
    entries = readEntries(folder);
  } catch (cause) {
    throw new EnvironmentError(`${folder}: cannot be read (${(cause as Error).message})`, { cause });
  }
  for (const entry of entries) {
    if (isHidden(entry.name)) continue;
    const file = path.join(folder, entry.name);
    const name = `${prefix}${entry.name.normalize('NFC')}`;
    const isFolder = entry.isSymbolicLink()
      ? statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
      : entry.isDirectory();
    if (isFolder) collect(file, `${name}/`, found, visited, depth + 1);
    else found.push({ name, file });
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

/** Whether something is a folder. */
export function isFolder(place: string): boolean {
  try {
    return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // Something on the way to it is a file, or may not be looked at.
    return false;
  }
}
