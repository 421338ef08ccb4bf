import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import type { ImageSizes } from '../reading/image-sizes.js';
import type { ReadingContext } from '../reading/reading.js';
import { textFiles } from '../recognise/text-files.js';
import type { Predictions } from '../set/predictions.js';
import { PredictionsBuilder } from '../set/predictions-builder.js';
import { isFolder } from '../source/list-files.js';
import { readBytes } from '../source/open-source.js';
import { parseKeypoints } from './data-yaml.js';
import { readYoloLines, type YoloLine } from './read-label.js';

/** What YOLO predictions are read with. */
export interface YoloPredictionsContext extends ReadingContext {
  /** The number of the class of faces in the annotations that they belong to. */
  readonly classNumber?: number | undefined;
}

/**
 * Read YOLO predictions: a text file per image, a line `class cx cy w h score` per detection in parts of the image; points stand
 * before the score.
 *
 * @param sizes of the images.
 * @throws {DatasetError} with file and line, if a line is malformed or without score, there are several classes of which none is
 * chosen, or the size of an image is not known.
 * Cost: O(bytes).
 */
export function readYoloPredictions(folder: string, sizes: ImageSizes, context: YoloPredictionsContext): Predictions {
  const files = textFiles(predictionFolder(folder));
  if (files.length === 0) {
    throw new DatasetError(`${folder}: expected prediction files (.txt), got none; choose the folder that holds them`);
  }
  const keypoints =
    context.keypoints === undefined ? undefined : parseKeypoints(context.keypoints, context.flag('keypoints'));
  const asked = context.category === undefined ? context.classNumber : Number(context.category);
  if (Number.isNaN(asked)) {
    throw new DatasetError(
      `${context.flag('category')}: expected the number of a class, as YOLO predictions have it, got ${JSON.stringify(context.category)}`,
    );
  }
  const builder = new PredictionsBuilder({
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  let only = asked;
  let others = 0;
  files.forEach(({ name, file }, index) => {
    const stem = name.replace(/\.txt$/i, '');
    const image = builder.newImage(sizes.nameOf(stem) ?? stem, file);
    let size = sizes.sizeOf(stem);
    readYoloLines(readBytes(file), file, (line) => {
      if (line.classNumber !== (only ?? line.classNumber)) {
        if (asked === undefined) throw severalClasses(line, only, context);
        others++;
        return;
      }
      only = line.classNumber;
      size ??= unknownSize(line, stem, sizes, context);
      addLine(builder, image, line, size, keypoints, context);
    });
    context.onRead?.(index + 1, files.length);
  });
  if (others > 0) context.note(`${others} detections of other classes than ${only} are left out`);
  return builder.build();
}

/** The folder of the files: `labels` below the one that is named, where YOLO's own tools put them. */
function predictionFolder(folder: string): string {
  const inner = path.join(folder, 'labels');
  return isFolder(inner) && textFiles(folder).every(({ name }) => name.startsWith('labels/')) ? inner : folder;
}

function addLine(
  builder: PredictionsBuilder,
  image: number,
  { values, where }: YoloLine,
  [width, height]: readonly [number, number],
  keypoints: readonly [number, 2 | 3] | undefined,
  context: ReadingContext,
): void {
  const [count, dimensions] = keypoints ?? [0, 2];
  if (values.length !== 5 + count * dimensions) {
    const hint =
      values.length === 4
        ? 'these are labels without scores; write the confidence, too (save_conf)'
        : `if there are points before the score, say how many with ${context.flag('keypoints')} 5x3 (or 5x2)`;
    throw new DatasetError(
      `${where}: expected "class cx cy w h${count > 0 ? ` and ${count} points of ${dimensions}` : ''} score", got ${values.length + 1} fields; ${hint}`,
    );
  }
  const [cx, cy, w, h] = values;
  const score = values[values.length - 1];
  builder.add(image, (cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height, score, () => where);
  if (count === 0) return;
  const points: number[] = [];
  for (let at = 4; at < values.length - 1; at += dimensions) points.push(values[at] * width, values[at + 1] * height);
  builder.landmarks.add(builder.count - 1, points, undefined, where);
}

function severalClasses(
  { where, classNumber }: YoloLine,
  only: number | undefined,
  context: ReadingContext,
): DatasetError {
  return new DatasetError(
    `${where}: expected the class ${only} as before, got ${classNumber}; choose the number of the class of faces with ${context.flag('category')}`,
  );
}

function unknownSize({ where }: YoloLine, stem: string, { from }: ImageSizes, context: ReadingContext): never {
  throw new DatasetError(
    `${where}: expected the size of the image ${JSON.stringify(stem.slice(0, 120))} to bring its boxes to pixels, got none from ${from}; pass ${context.flag('images')} DIR, or ${context.flag('sizes')} FILE with columns image,width,height`,
  );
}
