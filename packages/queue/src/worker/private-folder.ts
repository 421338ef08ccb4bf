import { lstat, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '@retinabench/files';

/** Rights of others than the owner. */
const rightsOfOthers = 0o077;

/**
 * Make a folder that its user alone may look into, unless it is there as such. Its place may be one where others may make
 * folders, and know its name.
 *
 * @throws the system's error if it cannot be made; an Error if something else has its place, such as a link or another user's folder.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolder(path.dirname(folder));
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const rights = await ownRights(folder);
    if (rights === undefined) throw new Error('its place is taken by a link, a file or the folder of another user');
    if ((rights & rightsOfOthers) !== 0) throw new Error('a folder that others may look into has its place');
  }
}

/** Remove such a folder with what it holds; a link or another user's folder that has its place stays. @throws the system's error. */
export async function removePrivateFolder(folder: string): Promise<void> {
  if ((await ownRights(folder)) !== undefined) await rm(folder, { recursive: true, force: true });
}

/** Rights to a folder of this user; undefined if it is none, or a link to one. Windows has neither users nor rights of this kind. */
async function ownRights(folder: string): Promise<number | undefined> {
  const stats = await lstat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true) return undefined;
  const uid = process.getuid?.();
  if (uid === undefined) return 0;
  return stats.uid === uid ? stats.mode : undefined;
}
