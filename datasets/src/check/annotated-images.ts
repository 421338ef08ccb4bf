import { readFile } from 'node:fs/promises';
import { DatasetError, decodeText, readUncheckedJson } from '@retinabench/core';
import { requireRegularFile } from '@retinabench/files';

/**
 * The images that an annotation names, in its order, relative to the image folder and with extension: of a WIDER text, of
 * the embedded set's JSON, or of an IJB `*_face_tid_mid.txt`.
 *
 * @throws {DatasetError} if it cannot be read or names none.
 */
export async function annotatedImages(annotation: string): Promise<string[]> {
  await requireRegularFile(annotation);
  const bytes = await readFile(annotation).catch((cause: Error) => {
    throw new DatasetError(`${annotation}: cannot be read (${cause.message}); pull the data set again`, { cause });
  });
  const names = parseAnnotatedImages(annotation, decodeText(bytes, annotation));
  if (names.length === 0) throw new DatasetError(`${annotation}: names no image; pull the data set again`);
  return names;
}

/**
 * The images that the text of an annotation names.
 *
 * @param annotation its name, which tells its form; also for the message.
 * @throws {DatasetError} if it is JSON of another form.
 */
export function parseAnnotatedImages(annotation: string, text: string): string[] {
  if (annotation.endsWith('.json')) return jsonImages(annotation, text);
  const lines = text.split('\n');
  if (annotation.endsWith('_tid_mid.txt')) {
    return lines.flatMap((line) => (line.trim() === '' ? [] : [line.trim().split(/\s+/)[0]]));
  }
  return lines.map((line) => line.trim()).filter((line) => /^[^/]+\/.+\.jpg$/i.test(line));
}

function jsonImages(annotation: string, text: string): string[] {
  const value = readUncheckedJson(text, annotation, {
    what: 'face annotations',
    next: 'pull the data set again',
    ErrorClass: DatasetError,
  });
  const images = (value as { images?: unknown } | null)?.images;
  if (!Array.isArray(images))
    throw new DatasetError(`${annotation}: expected images, got none; pull the data set again`);
  return images.map((image: unknown, index) => {
    const name = (image as { name?: unknown } | null)?.name;
    if (typeof name !== 'string') {
      throw new DatasetError(`${annotation}: images[${index}].name: expected text; pull the data set again`);
    }
    return `${name}.jpg`;
  });
}
