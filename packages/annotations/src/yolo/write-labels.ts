import { csvRow, DatasetError } from '@retinabench/core';
import type { ImageSizes } from '../reading/image-sizes.js';
import type { Annotations, LandmarkColumn } from '../set/annotations.js';
import { withoutExtension } from '../set/image-name.js';
import type { Predictions } from '../set/predictions.js';
import { facesWithPoints, lossesOf } from '../writing/contents.js';
import { requireDistinctStems } from '../writing/file-names.js';
import type { WrittenFile, WrittenSet } from '../writing/written-files.js';
import { mostRelative } from './read-label.js';

/**
 * Annotations as YOLO labels: `labels/<image>.txt`, `data.yaml`, and `sizes.csv` with the sizes and whole names of the images,
 * by which they are read without images.
 *
 * @param sizes of images whose size the annotations do not have.
 * @throws {DatasetError} if the size of an image with faces is not known, or two images differ in their extension alone.
 */
export function writeYoloLabels(annotations: Annotations, sizes: ImageSizes): WrittenSet {
  requireDistinctStems(annotations.images, 'YOLO');
  const sized = annotations.images.map((name, image) => sizeOf(annotations, sizes, name, image));
  return {
    kind: 'folder',
    files: labelFiles(annotations, sized),
    losses: lossesOf(annotations, { landmarks: true, sizes: true }),
  };
}

/**
 * Predictions as YOLO files: `<image>.txt`, points before the score, and `sizes.csv`.
 *
 * @throws {DatasetError} as `writeYoloLabels`.
 */
export function writeYoloPredictions(predictions: Predictions, sizes: ImageSizes): WrittenSet {
  requireDistinctStems(predictions.images, 'YOLO');
  const { images, start, landmarks } = predictions;
  const sized = images.map((name, image) => {
    const size = sizes.sizeOf(name);
    if (size === undefined && start[image] < start[image + 1]) throw unknownSize(name, sizes.from);
    return size ?? ([0, 0] as const);
  });
  const withAll = landmarks !== undefined && !landmarks.points.some(Number.isNaN);
  const lost = withAll ? 0 : facesWithPoints(landmarks, start[images.length]);
  return {
    kind: 'folder',
    files: predictionFiles(predictions, sized, withAll ? landmarks : undefined),
    losses: lost === 0 ? [] : [{ what: 'detections with landmarks, which some detections lack', count: lost }],
  };
}

type Size = readonly [widthPx: number, heightPx: number];

function sizeOf({ sizesPx, start }: Annotations, sizes: ImageSizes, name: string, image: number): Size {
  if (sizesPx[2 * image] > 0) return [sizesPx[2 * image], sizesPx[2 * image + 1]];
  const size = sizes.sizeOf(name);
  if (size === undefined && start[image] < start[image + 1]) throw unknownSize(name, sizes.from);
  return size ?? [0, 0];
}

function unknownSize(name: string, from: string): DatasetError {
  return new DatasetError(
    `${JSON.stringify(name.slice(0, 120))}: expected the size of the image, of which YOLO writes parts, got none from ${from}; pass --images DIR, or --sizes FILE with columns image,width,height`,
  );
}

function* labelFiles(annotations: Annotations, sized: readonly Size[]): Generator<WrittenFile> {
  const { images, start, boxesXywh, landmarks } = annotations;
  yield { name: 'data.yaml', parts: [dataYaml(landmarks)] };
  yield { name: 'sizes.csv', parts: [sizesCsv(images, sized)] };
  for (let image = 0; image < images.length; image++) {
    const lines: string[] = [];
    for (let face = start[image]; face < start[image + 1]; face++) {
      const points = landmarks === undefined ? [] : pointsOf(landmarks, face, sized[image]);
      lines.push(`${[0, ...relative(boxesXywh, face, sized[image], images[image]), ...points].join(' ')}\n`);
    }
    yield { name: `labels/${withoutExtension(images[image])}.txt`, parts: [lines.join('')] };
  }
}

function* predictionFiles(
  { images, start, boxesXywh, scores }: Predictions,
  sized: readonly Size[],
  landmarks: LandmarkColumn | undefined,
): Generator<WrittenFile> {
  yield { name: 'sizes.csv', parts: [sizesCsv(images, sized)] };
  for (let image = 0; image < images.length; image++) {
    const lines: string[] = [];
    for (let row = start[image]; row < start[image + 1]; row++) {
      const points =
        landmarks === undefined ? [] : pointsOf(landmarks, row, sized[image]).filter((_, at) => at % 3 !== 2);
      lines.push(
        `${[0, ...relative(boxesXywh, row, sized[image], images[image]), ...points, scores[row]].join(' ')}\n`,
      );
    }
    yield { name: `${withoutExtension(images[image])}.txt`, parts: [lines.join('')] };
  }
}

/** @throws {DatasetError} if the box lies so far from the image that its parts read as pixels. */
function relative(boxes: Float64Array, row: number, [width, height]: Size, name: string): number[] {
  const [x, y, w, h] = boxes.subarray(4 * row, 4 * row + 4);
  const parts = [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height];
  if (parts.every((value) => Math.abs(value) <= mostRelative)) return parts;
  throw new DatasetError(
    `${JSON.stringify(name.slice(0, 120))}: expected boxes within ${mostRelative} times the image of ${width} x ${height}, got x ${x}, y ${y}, w ${w}, h ${h}, which YOLO cannot hold; is the size right?`,
  );
}

/** x, y and visibility of each point, zeros where it is not given. */
function pointsOf({ names, points, visibility }: LandmarkColumn, face: number, [width, height]: Size): number[] {
  return names.flatMap((_, point) => {
    const at = names.length * face + point;
    if (Number.isNaN(points[2 * at])) return [0, 0, 0];
    return [points[2 * at] / width, points[2 * at + 1] / height, visibility?.[at] ?? 2];
  });
}

function dataYaml(landmarks: LandmarkColumn | undefined): string {
  const points =
    landmarks === undefined
      ? ''
      : `kpt_shape: [${landmarks.names.length}, 3]\nkpt_names: {0: ${JSON.stringify(landmarks.names)}}\n`;
  return `path: .\nval: images\nnc: 1\nnames: [face]\n${points}`;
}

function sizesCsv(images: readonly string[], sized: readonly Size[]): string {
  const rows = images.map((name, image) => {
    const [width, height] = sized[image];
    return csvRow([name, width > 0 ? width : undefined, height > 0 ? height : undefined]);
  });
  return `image,width,height\n${rows.join('')}`;
}
