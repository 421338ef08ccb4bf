import path from 'node:path';

/** Names that would be taken for a public set or for the embedded one. */
const publicNames = /wider.?(face)?.?(val|train|test)|^wider(.?face)?$|^(ijb|lfw|mini)/i;

/**
 * What to call a data set of one's own: the name of its folder, or of the one above where the folder is WIDER FACE's
 * `WIDER_val` or `WIDER_test`; `own-set` where that name is a public data set's.
 */
export function ownName(root: string): string {
  const folder = path.resolve(root);
  const name = path.basename(/^WIDER_(val|test)$/.test(path.basename(folder)) ? path.dirname(folder) : folder);
  return name === '' || publicNames.test(name) ? 'own-set' : name;
}
