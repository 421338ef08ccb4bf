import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';

/** A checked archive of predictions. */
export interface PackagedSubmission {
  /** A ZIP of `<event>/<image>.txt`, the same bytes for the same predictions. */
  readonly archive: Uint8Array;
  readonly images: number;
  readonly detections: number;
}

/** Missing images that a message names. */
const mostNamed = 20;

/** Time stamp of every entry: the first moment that a ZIP can name, so that an archive depends on its content alone. */
const entryTime = new Date(1980, 0, 1);

/**
 * Pack prediction files into the archive that the server of WIDER FACE takes, in the order of the images.
 *
 * @param folder of `<event>/<image>.txt`, as `wider predict` writes them.
 * @param images `<event>/<image>`, all that the archive must hold.
 * @throws {DatasetError} if images have no file, naming them, or a file is not as the server reads it (checkSubmission).
 * Cost: memory of the archive, about a third of the files.
 * Source: the submission format of WIDER FACE's home page: a text file for each image, in a folder for each event.
 */
export async function packageSubmission(folder: string, images: readonly string[]): Promise<PackagedSubmission> {
  const missing = images.filter((image) => !existsSync(fileOf(folder, image)));
  if (missing.length > 0) {
    const named = missing.slice(0, mostNamed).join(', ');
    const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
    throw new DatasetError(
      `${folder}: expected predictions of ${images.length} images, ${missing.length} are missing: ${named}${more}; run wider predict on all images again, it makes the missing ones`,
    );
  }
  // Loaded late: no other evaluation packs anything.
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const chunks: Buffer[] = [];
  const written = new Promise<void>((resolve, reject) => {
    zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
    zip.outputStream.on('end', resolve);
    zip.outputStream.on('error', reject);
  });
  let detections = 0;
  for (const image of images) {
    const file = fileOf(folder, image);
    const bytes = readFileSync(file);
    detections += checkSubmission(bytes.toString('utf8'), file, image);
    zip.addBuffer(bytes, `${image}.txt`, { mtime: entryTime, mode: 0o100644 });
  }
  zip.end();
  await written;
  return { archive: Buffer.concat(chunks), images: images.length, detections };
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

function fileOf(folder: string, image: string): string {
  return path.join(folder, `${image}.txt`);
}
