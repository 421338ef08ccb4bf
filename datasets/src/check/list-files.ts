import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isFolder } from '@retinabench/files';

/** Deeper than this no data set goes; a folder that links to itself ends here. */
const largestDepth = 8;

/** Relative names of all JPEG files below a folder, with forward slashes, sorted; empty if there is no such folder. */
export async function listImageFiles(folder: string, depth = 0): Promise<string[]> {
  if (depth > largestDepth) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path.join(folder, entry.name))))) {
      const below = await listImageFiles(path.join(folder, entry.name), depth + 1);
      for (const name of below) names.push(`${entry.name}/${name}`);
    } else if (/\.jpe?g$/i.test(entry.name)) names.push(entry.name);
  }
  return names.sort();
}
