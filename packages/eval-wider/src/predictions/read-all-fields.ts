import { readFileSync } from 'node:fs';
import type { WiderPredictions } from './predictions.js';

/** Lines of a file that are read. */
const mostLines = 100;

/**
 * All fields of the first detection lines of an image's file, as numbers; NaN for words. Lines with fewer than four
 * numbers, as name and count, are left out.
 *
 * @returns none if the predictions were not read from files. Cost: reads one file.
 */
export function readAllFields({ images, files }: WiderPredictions, image: string): number[][] {
  const file = files?.[images.indexOf(image)];
  if (file === undefined) return [];
  const lines = readFileSync(file, 'utf8').split(/\r?\n/).slice(0, mostLines);
  return lines
    .map((line) =>
      line
        .trim()
        .split(/[\s,]+/)
        .map((field) => (field === '' ? Number.NaN : Number(field))),
    )
    .filter((fields) => fields.filter(Number.isFinite).length >= 4);
}
