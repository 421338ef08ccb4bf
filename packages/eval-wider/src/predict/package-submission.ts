import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { type ZipEntry, zipParts } from '@retinabench/files';

/** An archive of predictions, checked as it is read. */
export interface PackagedSubmission {
  /** A ZIP of `<event>/<image>.txt` in parts, to be taken once; the same bytes for the same predictions. */
  readonly archive: Iterable<Uint8Array>;
  /** Of the images that have been taken. */
  readonly detections: number;
  readonly bytes: number;
}

/** Missing images that a message names. */
const mostNamed = 20;

/**
 * Pack prediction files into the archive that the server of WIDER FACE takes, in the order of the images.
 *
 * @param folder of `<event>/<image>.txt`, as `wider predict` writes them.
 * @param images `<event>/<image>`, all that the archive must hold.
 * @param onProgress called with the number of images that have been packed, after each.
 * @throws {DatasetError} if images have no file, naming them; while the archive is taken, if a file is not as the server reads it
 * (checkSubmission).
 * Cost: memory of one file, and 46 bytes and the name of each.
 * Source: the submission format of WIDER FACE's home page: a text file for each image, in a folder for each event.
 */
export function packageSubmission(
  folder: string,
  images: readonly string[],
  onProgress: (done: number) => void = () => undefined,
): PackagedSubmission {
  const missing = images.filter((image) => !existsSync(fileOf(folder, image)));
  if (missing.length > 0) {
    const named = missing.slice(0, mostNamed).join(', ');
    const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
    throw new DatasetError(
      `${folder}: expected predictions of ${images.length} images, ${missing.length} are missing: ${named}${more}; run wider predict on all images again, it makes the missing ones`,
    );
  }
  const packed = { detections: 0, bytes: 0 };
  function* checkedFiles(): Generator<ZipEntry> {
    for (const [index, image] of images.entries()) {
      const file = fileOf(folder, image);
      const bytes = readPrediction(file);
      packed.detections += checkSubmission(bytes.toString('utf8'), file, image);
      yield [`${image}.txt`, bytes];
      onProgress(index + 1);
    }
  }
  function* counted(): Generator<Uint8Array> {
    for (const part of zipParts(checkedFiles())) {
      packed.bytes += part.length;
      yield part;
    }
  }
  return {
    archive: counted(),
    get detections() {
      return packed.detections;
    },
    get bytes() {
      return packed.bytes;
    },
  };
}

/**
 * Assert that a prediction file is one that any reader of WIDER FACE's format reads alike: the image's name, the number of
 * detections, then `x y w h score` a line, finite, sides above 0, scores from 0 to 1 and descending.
 *
 * @returns the number of detections.
 * @throws {DatasetError} naming file, line, expected and actual.
 */
export function checkSubmission(text: string, place: string, image: string): number {
  const [name, count, ...rows] = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const expected = image.slice(image.indexOf('/') + 1);
  const refuse = (line: number, what: string, actual: string): never => {
    throw new DatasetError(
      `${place}:${line}: expected ${what}, got ${JSON.stringify(actual.slice(0, 80))}; write it again with wider predict`,
    );
  };
  if (name.replace(/\.jpe?g$/i, '').replace(/^.*\//, '') !== expected) refuse(1, `the image's name, ${expected}`, name);
  if (!/^\d+$/.test(count ?? '')) refuse(2, 'the number of detections', count ?? '');
  if (Number(count) !== rows.length) refuse(2, `${rows.length}, the lines that follow`, count);
  let before = Infinity;
  rows.forEach((row, index) => {
    const numbers = row.trim().split(/\s+/).map(Number);
    const [, , width, height, score] = numbers;
    if (numbers.length !== 5 || !numbers.every(Number.isFinite)) refuse(index + 3, 'five numbers, x y w h score', row);
    if (!(width > 0 && height > 0)) refuse(index + 3, 'a width and a height above 0', row);
    if (!(score >= 0 && score <= 1)) refuse(index + 3, 'a score from 0 to 1', row);
    if (score > before) refuse(index + 3, `a score of at most ${before}, that of the line before`, row);
    before = score;
  });
  return rows.length;
}

/** @throws {DatasetError} naming the file if it cannot be read: the archive that is written is not to blame. */
function readPrediction(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new DatasetError(
      `${file}: expected a prediction file, got one that cannot be read (${(cause as Error).message}); write it again with wider predict`,
      { cause },
    );
  }
}

function fileOf(folder: string, image: string): string {
  return path.join(folder, `${image}.txt`);
}
