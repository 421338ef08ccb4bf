import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { imageNamesDigest, ownName } from '@retinabench/datasets';
import { type LandmarkSet, restrictSet } from '@retinabench/eval-landmarks';
import { formatCount } from '@retinabench/results';
import { annotatedFiles } from '../annotated/annotated-files.js';
import type { ImageSet } from '../detection/detection-plan.js';

/** Annotated landmarks of images that lie in a folder. */
export interface AnnotatedFolder {
  /** Of the images that are there. */
  readonly annotated: LandmarkSet;
  /** The images, named as the annotation names them. */
  readonly set: ImageSet;
  readonly notes: readonly string[];
}

/**
 * Find the annotated images in a folder.
 *
 * @param missing what is done about annotated images that are not there.
 * @param limit   the first images alone.
 * @throws {DatasetError} if the annotation names no images, none of them is there, or some are not and they are not to be left out,
 * or no file has a name that can be used.
 */
export async function findAnnotated(
  truth: LandmarkSet,
  folder: string,
  missing: 'refuse' | 'leave-out',
  limit: number | undefined,
): Promise<AnnotatedFolder> {
  const { images } = truth;
  if (images === undefined) {
    throw new DatasetError(
      `${truth.place}: expected faces with the names of their images, got rows; detection needs to know the image of each`,
    );
  }
  const files = await annotatedFiles({ images }, folder, missing === 'leave-out');
  const found = files.images.slice(0, limit);
  const names = new Set(found.map(({ image }) => image));
  const annotated = restrictSet(truth, (image) => names.has(images[image]));
  const notes = [
    ...files.notes,
    ...(files.missing.length === 0
      ? []
      : [`${formatCount(files.missing.length)} annotated images are not there: left out`]),
    ...(limit === undefined ? [] : [`--limit: the first ${found.length} images`]),
  ];
  return {
    annotated,
    set: {
      name: ownName(path.resolve(folder)),
      root: folder,
      images: found.map(({ image, file }) => ({ image: image.replaceAll('\\', '/'), file })),
      namesSha256: imageNamesDigest(images),
      notes,
    },
    notes,
  };
}
