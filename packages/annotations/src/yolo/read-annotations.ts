import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { type Category, chooseCategory } from '../reading/choose-category.js';
import { firstOf, type ImageSizes, sizesFromCsv, sizesOfImages, sizesOfSettings } from '../reading/image-sizes.js';
import type { ReadingContext } from '../reading/reading.js';
import { textFiles } from '../recognise/text-files.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder } from '../set/annotations-builder.js';
import { withoutExtension } from '../set/image-name.js';
import { readBytes } from '../source/open-source.js';
import { parseKeypoints } from './data-yaml.js';
import { findYoloDataset, type YoloDataset } from './find-dataset.js';
import { readYoloLines, type YoloLine } from './read-label.js';

/** What YOLO labels are read to. */
export interface YoloAnnotations {
  readonly annotations: Annotations;
  readonly category?: Category;
}

/**
 * Read YOLO labels: a text file per image, a line `class cx cy w h` per face in parts of the image, optionally with points.
 * Sizes come from `sizes.csv` beside the labels, from the images or from the settings. Images without a label file have no
 * faces.
 *
 * @throws {DatasetError} with file and line, if a label is malformed, its class or number of fields is not as it should be, or
 * the size of an image is not known.
 * Cost: O(bytes), and the header of each image whose size is asked for.
 */
export function readYoloAnnotations(location: string, context: ReadingContext): YoloAnnotations {
  const dataset = findYoloDataset(location, context);
  const sizes = sizesOfDataset(dataset, context);
  const files = textFiles(dataset.labels);
  if (files.length === 0) {
    throw new DatasetError(
      `${dataset.labels}: expected label files (.txt), got none; choose the folder that holds them`,
    );
  }
  const keypoints =
    context.keypoints === undefined ? dataset.keypoints : parseKeypoints(context.keypoints, context.flag('keypoints'));
  if (keypoints !== undefined) context.told('keypoints', keypoints.join('x'));
  const labels = files.map((listed) => ({
    ...listed,
    stem: listed.name.replace(/\.txt$/i, ''),
    bytes: readBytes(listed.file),
  }));
  const category = faceClass(labels, dataset, location, context);
  const builder = new AnnotationsBuilder(location, {
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  if (keypoints !== undefined) {
    const unnamed = Array.from({ length: keypoints[0] }, (_, point) => String(point));
    const { pointNames } = dataset;
    builder.landmarks.setNames(pointNames?.length === keypoints[0] ? pointNames : unnamed);
  }
  let others = 0;
  for (const { stem, file, bytes } of labels) {
    const name = sizes.nameOf(stem) ?? stem;
    const image = builder.addImage(name, file);
    let size = sizes.sizeOf(stem);
    if (size !== undefined) builder.setSize(image, size, file);
    readYoloLines(bytes, file, (line) => {
      if (line.classNumber !== category?.id) {
        others++;
        return;
      }
      size ??= unknownSize(line, stem, sizes, context);
      builder.addFace(image, faceOf(line, size, keypoints, context), line.where);
    });
  }
  const bare = addBareImages(sizes.names, builder, location);
  if (bare > 0) context.note(`${bare} images have no label file: no faces`);
  if (others > 0) context.note(`${others} labels of other classes than ${category?.name} are left out`);
  return { annotations: builder.build(), ...(category === undefined ? {} : { category }) };
}

function sizesOfDataset({ root, labels, images }: YoloDataset, context: ReadingContext): ImageSizes {
  const settings = sizesOfSettings(context);
  const beside = context.sizes === undefined ? sizesBeside([labels, root, path.dirname(labels)]) : undefined;
  const own = images === undefined || context.images !== undefined ? sizesOfImages(labels) : sizesOfImages(images);
  return firstOf([...settings, ...(beside === undefined ? [] : [beside]), own]);
}

function sizesBeside(folders: readonly string[]): ImageSizes | undefined {
  const file = folders.map((folder) => path.join(folder, 'sizes.csv')).find((place) => existsSync(place));
  return file === undefined ? undefined : sizesFromCsv(file);
}

/** The class of the faces: of those that the data set names, or else of those that occur. */
function faceClass(
  labels: readonly { readonly bytes: Uint8Array; readonly file: string }[],
  { names }: YoloDataset,
  location: string,
  context: ReadingContext,
): Category | undefined {
  const used = new Set<number>();
  for (const { bytes, file } of labels) {
    readYoloLines(bytes, file, ({ classNumber, where }) => {
      if (names.size > 0 && !names.has(classNumber)) {
        throw new DatasetError(
          `${where}: expected the number of one of the ${names.size} classes, got ${classNumber}; correct the line or the names`,
        );
      }
      used.add(classNumber);
    });
  }
  const numbers = names.size > 0 ? [...names.keys()] : [...used].sort((a, b) => a - b);
  if (numbers.length === 0) return undefined;
  return chooseCategory(
    numbers.map((id) => ({ id, name: names.get(id) ?? String(id) })),
    location,
    context,
  );
}

function faceOf(
  { values, where }: YoloLine,
  [width, height]: readonly [number, number],
  keypoints: readonly [number, 2 | 3] | undefined,
  context: ReadingContext,
): { box: [number, number, number, number]; points?: number[]; visibility?: number[] } {
  const [cx, cy, w, h] = values;
  const box: [number, number, number, number] = [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height];
  const extra = values.length - 4;
  if (keypoints === undefined) {
    if (extra === 0) return { box };
    throw new DatasetError(
      `${where}: expected "class cx cy w h", got ${values.length + 1} fields; ${extra === 1 ? 'a sixth field is a score: these are predictions' : `if they are points, say how many with ${context.flag('keypoints')} 5x3 (or 5x2), or kpt_shape in data.yaml`}`,
    );
  }
  const [count, dimensions] = keypoints;
  if (extra !== count * dimensions) {
    throw new DatasetError(
      `${where}: expected ${5 + count * dimensions} fields, a box and ${count} points of ${dimensions}, got ${values.length + 1}; correct the line or ${context.flag('keypoints')}`,
    );
  }
  return { box, ...pointsOf(values.subarray(4), dimensions, width, height, where) };
}

/** Points in pixels. Of three numbers, the third says whether the point is given; of two, negative ones say that it is not. */
function pointsOf(
  values: Float64Array,
  dimensions: 2 | 3,
  width: number,
  height: number,
  where: string,
): { points: number[]; visibility?: number[] } {
  const points: number[] = [];
  const visibility: number[] = [];
  for (let at = 0; at < values.length; at += dimensions) {
    const seen = dimensions === 2 ? (values[at] < 0 || values[at + 1] < 0 ? 0 : 2) : values[at + 2];
    if (seen !== 0 && seen !== 1 && seen !== 2) {
      throw new DatasetError(`${where}: expected a visibility of 0, 1 or 2, got ${seen}; correct the line`);
    }
    visibility.push(seen);
    points.push(seen === 0 ? Number.NaN : values[at] * width, seen === 0 ? Number.NaN : values[at + 1] * height);
  }
  return dimensions === 2 ? { points } : { points, visibility };
}

function unknownSize({ where }: YoloLine, stem: string, { from }: ImageSizes, context: ReadingContext): never {
  throw new DatasetError(
    `${where}: expected the size of the image ${JSON.stringify(stem.slice(0, 120))} to bring its boxes to pixels, got none from ${from}; pass ${context.flag('images')} DIR, or ${context.flag('sizes')} FILE with columns image,width,height`,
  );
}

/** Add the images that have no label file. */
function addBareImages(names: readonly string[], builder: AnnotationsBuilder, location: string): number {
  let count = 0;
  for (const name of names) {
    if (builder.find(name, location) !== undefined || builder.find(withoutExtension(name), location) !== undefined)
      continue;
    builder.addImage(name, location);
    count++;
  }
  return count;
}
