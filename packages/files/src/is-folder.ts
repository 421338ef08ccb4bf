import { stat } from 'node:fs/promises';

/** Whether `file` names a folder or a link to one. */
export async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
