import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';

/** Write `content` to a file of the given name in a folder of its own, removed after the test. */
export async function tempFile(name: string, content: string | Uint8Array): Promise<string> {
  const folder = await tempFolder();
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

/** A new empty folder, removed after the test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'files-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});
