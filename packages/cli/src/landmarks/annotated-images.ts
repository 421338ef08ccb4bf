import { createHash } from 'node:crypto';
import path from 'node:path';
import { matchImages } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { ownName } from '@retinabench/datasets';
import { type LandmarkSet, restrictSet } from '@retinabench/eval-landmarks';
import { formatCount } from '@retinabench/results';
import type { ImageSet } from '../detection/detection-plan.js';
import { listInputs } from '../detection/list-inputs.js';

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
 * @throws {DatasetError} if the annotation names no images, none of them is there, or some are not and they are not to be left out.
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
  const files = await listInputs([folder]);
  const found = matchImages({ images }, { images: files.images.map(({ image }) => image) });
  if (found.missing.length > 0 && missing === 'refuse') {
    throw new DatasetError(
      `${folder}: expected ${formatCount(images.length)} annotated images, ${formatCount(found.missing.length)} are not there, such as ${found.missing[0]}; name the folder that their paths begin in, or leave them out with --missing leave-out`,
    );
  }
  let taken = 0;
  const kept = Array.from(found.predictionOf, (file) => file >= 0 && (limit === undefined || taken++ < limit));
  const annotated = restrictSet(truth, (image) => kept[image]);
  const tasks = images.flatMap((image, index) =>
    kept[index] ? [{ image: image.replaceAll('\\', '/'), file: files.images[found.predictionOf[index]].file }] : [],
  );
  const notes = [
    ...(found.missing.length === 0
      ? []
      : [`${formatCount(found.missing.length)} annotated images are not there: left out`]),
    ...(limit === undefined ? [] : [`--limit: the first ${tasks.length} images`]),
  ];
  return {
    annotated,
    set: {
      name: ownName(path.resolve(folder)),
      root: folder,
      images: tasks,
      namesSha256: createHash('sha256').update(images.join('\n')).digest('hex'),
      notes,
    },
    notes,
  };
}
