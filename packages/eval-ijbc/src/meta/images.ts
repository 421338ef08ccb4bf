import { DatasetError } from '@retinabench/core';
import { forEachLine, quoteLine } from '../text/lines.js';
import { parseId } from './id.js';

/** The images of a data set, in the order of its features. */
export interface ImageList {
  readonly names: readonly string[];
  /** Int32Array [images]: the template that each image belongs to. */
  readonly templateIds: Int32Array;
  /** Int32Array [images]: the media that each image comes from (all frames of one video share it). */
  readonly mediaIds: Int32Array;
}

/**
 * Read `<prefix>_face_tid_mid.txt`: per line an image name, a template id and a media id, separated by spaces.
 *
 * @throws {DatasetError} with file and line if a line is anything else, or if the file has no line.
 * Source: metadata of the public IJB-B and IJB-C evaluation scripts.
 */
export async function readImages(file: string): Promise<ImageList> {
  const names: string[] = [];
  const templateIds: number[] = [];
  const mediaIds: number[] = [];
  await forEachLine(file, (text, line) => {
    const fields = text.trim().split(/\s+/);
    const templateId = parseId(fields[1]);
    const mediaId = parseId(fields[2]);
    if (fields.length !== 3 || templateId === undefined || mediaId === undefined) {
      throw new DatasetError(
        `${file}:${line}: expected an image name, a template id and a media id, got ${quoteLine(text)}; ids are whole numbers from 0 to 2147483647`,
      );
    }
    names.push(fields[0]);
    templateIds.push(templateId);
    mediaIds.push(mediaId);
  });
  if (names.length === 0) throw new DatasetError(`${file}: expected at least one image, got an empty file`);
  return { names, templateIds: Int32Array.from(templateIds), mediaIds: Int32Array.from(mediaIds) };
}
