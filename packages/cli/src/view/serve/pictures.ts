import { readFile } from 'node:fs/promises';
import { DatasetError } from '@retinabench/core';
import type { Sharp } from 'sharp';
import { cutFace } from '../../page/cut-face.js';
import { openUpright } from '../../page/open-upright.js';
import type { BrowsedView } from '../collect-view.js';

/** A body with its media type. */
export interface Picture {
  readonly type: string;
  readonly body: Uint8Array;
}

/** Longer side of a thumbnail, and side of a cut-out face. */
const thumbnailPx = 200;
const facePx = 112;

/** Forms that browsers show as they are, by their first bytes. */
const shown: readonly (readonly [type: string, begins: RegExp])[] = [
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/png', /^\x89PNG/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
];

/**
 * An image as it is, or as JPEG where browsers may not show its form. Browsers apply the EXIF orientation, as the detectors
 * do.
 *
 * @returns undefined if there is no file.
 * @throws {DatasetError} if it cannot be read.
 */
export async function fullImage(file: string | undefined): Promise<Picture | undefined> {
  if (file === undefined) return undefined;
  const body = await readFile(file).catch((cause: Error) => {
    throw new DatasetError(`${file}: cannot be read (${cause.message}); was it moved?`, { cause });
  });
  const begins = body.toString('latin1', 0, 16);
  const type = shown.find(([, pattern]) => pattern.test(begins))?.[0];
  return type === undefined ? decoded(file, (image) => image.jpeg({ quality: 92 })) : { type, body };
}

/**
 * A small copy of an image, as it is shown.
 *
 * @returns undefined if there is no file.
 * @throws {DatasetError} if it does not decode.
 */
export async function thumbnail(file: string | undefined): Promise<Picture | undefined> {
  if (file === undefined) return undefined;
  return decoded(file, (image) =>
    image
      .resize({ width: thumbnailPx, height: thumbnailPx, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 72 }),
  );
}

/**
 * An annotated face cut out of its image with half its size around it.
 *
 * @param face of the image, from 0.
 * @returns a JPEG of 112 x 112 pixels; undefined if there is no such face or file, or it lies outside the image.
 * @throws {DatasetError} if the file does not decode.
 */
export async function faceOf(view: BrowsedView, image: number, face: number): Promise<Picture | undefined> {
  const { start } = view.index.faces;
  const file = view.files[image];
  const at = start[image] + face;
  if (file === undefined || !(at < start[image + 1])) return undefined;
  try {
    const body = await cutFace(file, view.facesXywh.subarray(4 * at, 4 * at + 4), facePx, { quality: 76 });
    return body && { type: 'image/jpeg', body };
  } catch (cause) {
    throw noImage(file, cause as Error);
  }
}

async function decoded(file: string, as: (image: Sharp) => Sharp): Promise<Picture> {
  try {
    return { type: 'image/jpeg', body: await as(await openUpright(file)).toBuffer() };
  } catch (cause) {
    throw noImage(file, cause as Error);
  }
}

function noImage(file: string, cause: Error): DatasetError {
  return new DatasetError(`${file}: expected an image that decodes, got: ${cause.message}; replace the file`, {
    cause,
  });
}
