import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The guides: in the package as it is installed, else in the workspace. */
const folders = ['../../docs', '../../../../docs'].map((folder) =>
  fileURLToPath(new URL(`${folder}/`, import.meta.url)),
);

/** Guides by their name, `gates` or `tutorials/add-a-gate`, with the file of each. */
export function helpTopics(): ReadonlyMap<string, string> {
  const folder = folders.find((candidate) => existsSync(path.join(candidate, 'gates.md')));
  if (folder === undefined) return new Map();
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => [file.replace(/\.md$/, '').split(path.sep).join('/'), path.join(folder, file)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
