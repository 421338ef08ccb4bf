import { stat } from 'node:fs/promises';

/** Whether `file` names a regular file or a link to one. */
export async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
