import path from 'node:path';
import { isFolder } from '@retinabench/files';

/**
 * The folder in which the files of annotated images are looked for: the one that is named, else that of the annotations.
 *
 * @param location of the annotations: a file or a folder.
 * @param named    what a flag names, if it is given.
 */
export async function imagesFolder(location: string, named: string | undefined): Promise<string> {
  return named ?? ((await isFolder(location)) ? location : path.dirname(location));
}
