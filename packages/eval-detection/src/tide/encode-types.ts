import type { RankedDetections } from '@retinabench/results';
import type { ClassifiedErrors } from './classify.js';
import { type DetectionType, detectionTypes } from './error-types.js';

/** A letter for each type: hit, localisation, duplicate, background, both (other), ignored. */
const letters: Readonly<Record<DetectionType, string>> = {
  [detectionTypes.hit]: 'H',
  [detectionTypes.localisation]: 'L',
  [detectionTypes.duplicate]: 'D',
  [detectionTypes.background]: 'B',
  [detectionTypes.both]: 'O',
  [detectionTypes.ignored]: 'I',
};

/**
 * The types of the detections of each image, best score first, as text: a letter, and where it occurs several times in a row
 * the number before it. `3HL2B` is three hits, a localisation error, two background detections.
 *
 * @returns one text an image, empty where it has no detection.
 */
export function encodeTypes({ type }: ClassifiedErrors, { start, byImage }: RankedDetections): string[] {
  return Array.from({ length: start.length - 1 }, (_, image) => {
    let text = '';
    for (let at = start[image]; at < start[image + 1]; ) {
      const first = at;
      const of = type[byImage[first]];
      while (at < start[image + 1] && type[byImage[at]] === of) at++;
      text += `${at - first > 1 ? at - first : ''}${letters[of as DetectionType]}`;
    }
    return text;
  });
}

/** What a false positive is called where it is shown, by its letter. */
export const errorOfLetter: Readonly<Record<string, string>> = {
  L: 'localisation',
  D: 'duplicate',
  B: 'background',
  O: 'other',
};

/**
 * The letters of an image's detections, best score first, from what `encodeTypes` wrote.
 *
 * @param text valid by the schema of a record.
 */
export function decodeTypes(text: string): string[] {
  return [...text.matchAll(/(\d*)([A-Z])/g)].flatMap(([, count, letter]) =>
    Array.from({ length: count === '' ? 1 : Number(count) }, () => letter),
  );
}
