import { DatasetError } from '@retinabench/core';
import { forEachLine, quoteLine } from '../text/lines.js';

/** What a detector found in each image, in the order of the images. */
export interface PointList {
  readonly names: readonly string[];
  /** Float32Array [images, 10]: (x, y) of left eye, right eye, nose tip, left and right mouth corner, in pixels of the loose crop. */
  readonly points: Float32Array;
  /** Float32Array [images]: detector scores. */
  readonly scores: Float32Array;
}

/**
 * Read `<prefix>_name_5pts_score.txt`: per line an image name, x1 y1 ... x5 y5 and the detector's score, separated by
 * spaces, in the order of the images.
 *
 * @param expectedNames the images (readImages): every line must name the image of the same line there.
 * @throws {DatasetError} with file and line if a line is anything else, names another image, or lines are missing.
 */
export async function readPoints(file: string, expectedNames: readonly string[]): Promise<PointList> {
  const count = expectedNames.length;
  const points = new Float32Array(count * 10);
  const scores = new Float32Array(count);
  let lines = 0;
  await forEachLine(file, (text, line) => {
    const fields = text.trim().split(/\s+/);
    const numbers = fields.slice(1).map(Number);
    if (fields.length !== 12 || !numbers.every((value) => Number.isFinite(Math.fround(value)))) {
      throw new DatasetError(
        `${file}:${line}: expected an image name, ten coordinates and a score, got ${quoteLine(text)}`,
      );
    }
    if (line > count) {
      throw new DatasetError(
        `${file}:${line}: expected ${count} lines, one for each image, got more; is it the file of another data set?`,
      );
    }
    if (fields[0] !== expectedNames[line - 1]) {
      throw new DatasetError(
        `${file}:${line}: expected image ${quoteLine(expectedNames[line - 1])}, as line ${line} of the image list, got ${quoteLine(fields[0])}; both files must be in the same order`,
      );
    }
    points.set(numbers.slice(0, 10), (line - 1) * 10);
    scores[line - 1] = numbers[10];
    lines = line;
  });
  if (lines !== count) {
    throw new DatasetError(
      `${file}: expected ${count} lines, one for each image, got ${lines}; the file may be truncated`,
    );
  }
  return { names: expectedNames, points, scores };
}
