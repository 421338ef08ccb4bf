import { csvRow } from '@retinabench/core';
import { landmarkFields, landmarkHeader } from '../csv/write-annotations.js';
import type { ImageSizes } from '../reading/image-sizes.js';
import type { PredictionFormat } from '../reading/reading.js';
import { withoutExtension } from '../set/image-name.js';
import type { Predictions } from '../set/predictions.js';
import { facesWithPoints, hasPoints, inParts } from '../writing/contents.js';
import { requireDistinctStems, requireLineNames } from '../writing/file-names.js';
import type { Loss, WrittenFile, WrittenSet } from '../writing/written-files.js';
import { writeYoloPredictions } from '../yolo/write-labels.js';

/** What predictions are written with. */
export interface WritePredictionsOptions {
  /** Sizes of images, for YOLO. */
  readonly sizes: ImageSizes;
  /** The id of each image, for COCO results; absent: they name images by their paths. */
  readonly idOf?: (image: string) => number | string;
}

/**
 * Predictions in a form.
 *
 * @throws {DatasetError} if the form cannot hold the name of an image, or YOLO lacks a size.
 */
export function writePredictions(
  predictions: Predictions,
  format: PredictionFormat,
  options: WritePredictionsOptions,
): WrittenSet {
  const file = (texts: Iterable<string>, losses: readonly Loss[]): WrittenSet => ({
    kind: 'file',
    files: [{ name: '', parts: inParts(texts) }],
    losses,
  });
  switch (format) {
    case 'coco-results':
      return file(cocoResults(predictions, options.idOf ?? ((image) => image)), bareImages(predictions));
    case 'csv':
      return file(csvRows(predictions), []);
    case 'json-lines':
      return file(jsonLines(predictions), []);
    case 'voc-detections':
      requireLineNames(predictions.images, 'a file of VOC detections');
      return file(vocDetections(predictions), [...bareImages(predictions), ...lostPoints(predictions)]);
    case 'yolo':
      return writeYoloPredictions(predictions, options.sizes);
    case 'wider':
      requireDistinctStems(predictions.images, 'WIDER FACE');
      requireLineNames(predictions.images, 'WIDER FACE');
      return {
        kind: 'folder',
        files: widerFiles(predictions),
        losses: holdsFive(predictions) ? [] : lostPoints(predictions),
      };
  }
}

function bareImages({ images, start }: Predictions): Loss[] {
  const count = images.filter((_, image) => start[image] === start[image + 1]).length;
  return count === 0 ? [] : [{ what: 'images without detections', count }];
}

function lostPoints({ landmarks, scores }: Predictions): Loss[] {
  const count = facesWithPoints(landmarks, scores.length);
  return count === 0 ? [] : [{ what: 'detections with landmarks', count }];
}

function* rows(predictions: Predictions): Generator<readonly [image: number, row: number]> {
  const { images, start } = predictions;
  for (let image = 0; image < images.length; image++) {
    for (let row = start[image]; row < start[image + 1]; row++) yield [image, row];
  }
}

function* cocoResults(predictions: Predictions, idOf: (image: string) => number | string): Generator<string> {
  const { images, namedBy, boxesXywh, scores, landmarks } = predictions;
  yield '[';
  let comma = '\n';
  for (const [image, row] of rows(predictions)) {
    const name = images[image];
    const isNumber = namedBy === 'id' && String(Number(name)) === name;
    const result = {
      image_id: isNumber ? Number(name) : idOf(name),
      category_id: 1,
      bbox: [...boxesXywh.subarray(4 * row, 4 * row + 4)],
      score: scores[row],
      ...(landmarks !== undefined && hasPoints(landmarks, row) ? { keypoints: keypointsOf(landmarks, row) } : {}),
    };
    yield comma + JSON.stringify(result);
    comma = ',\n';
  }
  yield '\n]\n';
}

/** x, y and 1 of each point; zeros where it is not given. */
function keypointsOf({ names, points }: NonNullable<Predictions['landmarks']>, row: number): number[] {
  return names.flatMap((_, point) => {
    const at = 2 * (names.length * row + point);
    return Number.isNaN(points[at]) ? [0, 0, 0] : [points[at], points[at + 1], 1];
  });
}

function* csvRows(predictions: Predictions): Generator<string> {
  const { images, start, boxesXywh, scores, landmarks } = predictions;
  const header = ['image', 'x', 'y', 'w', 'h', 'score', ...(landmarks === undefined ? [] : landmarkHeader(landmarks))];
  yield csvRow(header);
  for (let image = 0; image < images.length; image++) {
    if (start[image] === start[image + 1]) {
      yield csvRow([images[image], ...Array<undefined>(header.length - 1).fill(undefined)]);
    }
    for (let row = start[image]; row < start[image + 1]; row++) {
      const box = boxesXywh.subarray(4 * row, 4 * row + 4);
      const points = landmarks === undefined ? [] : landmarkFields(landmarks, row);
      yield csvRow([images[image], ...box, scores[row], ...points]);
    }
  }
}

function* jsonLines({ images, start, boxesXywh, scores, landmarks }: Predictions): Generator<string> {
  for (let image = 0; image < images.length; image++) {
    const detections = Array.from({ length: start[image + 1] - start[image] }, (_, index) => {
      const row = start[image] + index;
      return {
        box: [...boxesXywh.subarray(4 * row, 4 * row + 4)],
        score: scores[row],
        ...(landmarks !== undefined && hasPoints(landmarks, row) ? { landmarks: pairsOf(landmarks, row) } : {}),
      };
    });
    yield `${JSON.stringify({ image: images[image], detections })}\n`;
  }
}

function pairsOf({ names, points }: NonNullable<Predictions['landmarks']>, row: number): (number[] | null)[] {
  return names.map((_, point) => {
    const at = 2 * (names.length * row + point);
    return Number.isNaN(points[at]) ? null : [points[at], points[at + 1]];
  });
}

/** Corners counted from 1, the last pixel in the box. */
function* vocDetections(predictions: Predictions): Generator<string> {
  const { images, boxesXywh, scores } = predictions;
  for (const [image, row] of rows(predictions)) {
    const [x, y, w, h] = boxesXywh.subarray(4 * row, 4 * row + 4);
    yield `${withoutExtension(images[image])} ${scores[row]} ${x + 1} ${y + 1} ${x + w} ${y + h}\n`;
  }
}

function holdsFive({ landmarks }: Predictions): boolean {
  return landmarks === undefined || (landmarks.names.length === 5 && !landmarks.points.some(Number.isNaN));
}

function* widerFiles(predictions: Predictions): Generator<WrittenFile> {
  const { images, start, boxesXywh, scores, landmarks } = predictions;
  const withPoints = landmarks !== undefined && holdsFive(predictions);
  for (let image = 0; image < images.length; image++) {
    const stem = withoutExtension(images[image]);
    const lines = [`${stem.slice(stem.lastIndexOf('/') + 1)}\n${start[image + 1] - start[image]}\n`];
    for (let row = start[image]; row < start[image + 1]; row++) {
      const points = withPoints ? landmarks.points.subarray(10 * row, 10 * row + 10) : [];
      lines.push(`${[...boxesXywh.subarray(4 * row, 4 * row + 4), scores[row], ...points].join(' ')}\n`);
    }
    yield { name: `${stem}.txt`, parts: [lines.join('')] };
  }
}
