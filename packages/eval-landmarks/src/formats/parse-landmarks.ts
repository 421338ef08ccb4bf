import type { LandmarkSet } from '../set/landmark-set.js';
import { parseAflwCsv } from './aflw-csv.js';
import { parseCofw68 } from './cofw68.js';
import { parseCascade, parseCelebA, parseMtfl } from './five-point-lists.js';
import { parsePts } from './pts.js';
import type { LandmarkFormat } from './recognise.js';
import { type FaceRow, rowsToSet } from './rows-to-set.js';
import { parseWflw } from './wflw.js';

/** A text file below the place that is read. */
export interface LandmarkText {
  /** Path below the folder, or the name of the file. */
  readonly name: string;
  readonly text: string;
}

const parsers: Readonly<Record<Exclude<LandmarkFormat, 'pts'>, (text: string, place: string) => FaceRow[]>> = {
  celeba: parseCelebA,
  'aflw-csv': parseAflwCsv,
  wflw: parseWflw,
  cofw68: parseCofw68,
  cascade: parseCascade,
  mtfl: parseMtfl,
};

/**
 * The faces of text files of one format; of `.pts`, one a file.
 *
 * @param firstPixel of `.pts`: what the first pixel is counted as.
 * @throws {DatasetError} as the parser of the format, or if there is no face.
 */
export function parseLandmarks(
  files: readonly LandmarkText[],
  format: LandmarkFormat,
  place: string,
  firstPixel: 0 | 1 = 1,
): LandmarkSet {
  const rows = files.flatMap(({ name, text }) => {
    const where = files.length === 1 ? place : `${place}/${name}`;
    return format === 'pts'
      ? [parsePts(text, where, name.replace(/\.pts$/i, ''), firstPixel)]
      : parsers[format](text, where);
  });
  return rowsToSet(rows, place);
}
