import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WiderImage } from './list.js';

/** Images of the complete WIDER FACE test set. */
const widerTestImages = 16_097;

/** The list of the test set, where it may lie below a root. */
const lists = ['wider_face_test_filelist.txt', 'wider_face_split/wider_face_test_filelist.txt'];

/**
 * Recognise WIDER FACE test by the list that comes with it: the list has as many images as the set, and every image of the root is
 * among them. Nothing is known of the files themselves.
 *
 * @returns undefined if there is no such list, or an image that it does not name.
 */
export async function recogniseWiderTest(
  root: string,
  images: readonly WiderImage[],
): Promise<{ readonly name: string; readonly evidence: string } | undefined> {
  for (const place of lists) {
    const text = await readFile(path.join(root, place), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const names = text.split(/\r?\n/).map((line) =>
      line
        .trim()
        .replace(/\.jpe?g$/i, '')
        .normalize('NFC'),
    );
    const listed = new Set(names.filter((name) => name !== ''));
    if (listed.size !== widerTestImages || !images.every(({ event, image }) => listed.has(`${event}/${image}`)))
      continue;
    const whole = images.length === widerTestImages;
    return {
      name: whole ? 'wider-test' : 'wider-test-part',
      evidence: `recognised as ${whole ? '' : 'a part of '}WIDER FACE test by the names of ${place}; its ground truth is not public`,
    };
  }
  return undefined;
}
