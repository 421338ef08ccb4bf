import { DatasetError } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder } from '../set/annotations-builder.js';
import type { ByteSource } from '../source/open-source.js';
import { isGiven, type LabelFace, visitLabelText } from './visit-label-text.js';

/** The five points of RetinaFace, in the order of its files. */
export const fivePoints = ['left-eye', 'right-eye', 'nose', 'left-mouth', 'right-mouth'] as const;

/**
 * Read annotations in the form of RetinaFace's `label.txt`; the number behind the points becomes the attribute `quality`.
 *
 * A point of -1 -1 is not given. The flag is 0 for a visible point and 1 for a hidden one, as the public training code reads it.
 *
 * @param text  of the file, or the file. @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name or a face is malformed.
 * Cost: O(text).
 */
export function readLabelText(text: string | ByteSource, place: string, context: ReadingContext): Annotations {
  const builder = new AnnotationsBuilder(place, {
    negativeSizes: context.negativeSizes ?? 'keep',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  builder.landmarks.setNames(fivePoints);
  let image = -1;
  visitLabelText(text, place, '<path>.jpg', {
    image: (name, where) => {
      image = builder.addImage(name, where);
    },
    face: ({ box, points, quality }, where) => {
      builder.addFace(
        image,
        {
          box,
          ...(points.length > 0 ? columnsOf(points, where) : {}),
          ...(quality === undefined ? {} : { attributes: [['quality', quality]] }),
        },
        where,
      );
    },
  });
  return builder.build();
}

function columnsOf(given: LabelFace['points'], where: string): { points: number[]; visibility: number[] } {
  const points: number[] = [];
  const visibility: number[] = [];
  for (const point of given) {
    const [x, y, flag] = point;
    if (!isGiven(point)) {
      points.push(Number.NaN, Number.NaN);
      visibility.push(0);
      continue;
    }
    if (flag !== 0 && flag !== 1) {
      throw new DatasetError(
        `${where}: expected the flag 0 (visible) or 1 (hidden) behind a point, got ${flag}; correct the line`,
      );
    }
    points.push(x, y);
    visibility.push(flag === 0 ? 2 : 1);
  }
  return { points, visibility };
}
