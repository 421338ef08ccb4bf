import path from 'node:path';

/**
 * Names of files made of images, without extension: the image's own name without its extension, in the folders that it lies in.
 * Images that would share one (`a.jpg` and `a.png`; `A.jpg` and `a.png` where a disk does not tell them apart) keep their extension.
 *
 * @param images names of plain steps joined by `/`, each once.
 * @returns of each image a name that no other has, whatever the case of its letters.
 */
export function outputNames(images: readonly string[]): Map<string, string> {
  const stems = new Map<string, string>();
  const key = (name: string): string => name.normalize('NFC').toLowerCase();
  const shared = countOf(images.map((image) => key(stemOf(image))));
  const whole = new Set(images.map(key));
  const taken = new Set<string>();
  for (const image of images) {
    const stem = stemOf(image);
    const alone = shared.get(key(stem)) === 1 && !whole.has(key(stem));
    let name = alone ? stem : image;
    for (let copy = 2; taken.has(key(name)); copy++) name = `${image}~${copy}`;
    taken.add(key(name));
    stems.set(image, name);
  }
  return stems;
}

function stemOf(image: string): string {
  const { dir, name } = path.posix.parse(image);
  return dir === '' ? name : `${dir}/${name}`;
}

function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
