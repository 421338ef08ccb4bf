import { DatasetError, shortenText } from '@retinabench/core';
import { quoteName } from '../set/quote-name.js';
import type { ReadingContext } from './reading.js';

/** A class of a data set. */
export interface Category {
  readonly id: number | string;
  readonly name: string;
}

/** Names of the class of faces, in small letters. */
const faceNames = new Set(['face', 'faces', 'human face', 'human_face', 'human-face', 'humanface']);

function isFaceName(name: string): boolean {
  return faceNames.has(name.toLowerCase());
}

/**
 * The class that is a face: the one that was asked for, the only one, or the only one that is called so.
 *
 * @param place the file, for messages.
 * @throws {DatasetError} if there are several and none is a face by its name, or there is none as asked for.
 */
export function chooseCategory(categories: readonly Category[], place: string, context: ReadingContext): Category {
  const names = shortenText(categories.map(({ id, name }) => `${name} (${id})`).join(', '), 300);
  const asked = context.category;
  if (asked !== undefined) {
    const named = categories.filter(({ name }) => name === asked);
    const found = named.length > 0 ? named : categories.filter(({ id }) => String(id) === asked);
    if (found.length === 1) return found[0];
    throw new DatasetError(
      `${place}: expected one class ${quoteName(asked)}, got ${found.length} of that name or number among ${names || 'none'}; choose one with ${context.flag('category')}`,
    );
  }
  const faces = categories.length === 1 ? categories : categories.filter(({ name }) => isFaceName(name));
  if (faces.length === 1) {
    if (categories.length > 1 || !isFaceName(faces[0].name)) context.told('category', faces[0].name);
    return faces[0];
  }
  throw new DatasetError(
    `${place}: expected one class, or one that is called face, got ${categories.length === 0 ? 'none' : names}; choose the class of the faces with ${context.flag('category')} NAME`,
  );
}
