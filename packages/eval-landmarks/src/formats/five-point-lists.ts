import { DatasetError } from '@retinabench/core';
import { linesOf, wordsOf } from './lines.js';
import { numbersOf, requireFields } from './numbers.js';
import type { FaceRow } from './rows-to-set.js';

/**
 * The faces of a list of the cascade CNN (Sun et al. 2013): image, box `left right top bottom`, five points `x y`.
 *
 * @throws {DatasetError} if a line has another number of fields, or right or bottom is less than left or top.
 */
export function parseCascade(text: string, place: string): FaceRow[] {
  return linesOf(text, place).map((line) => {
    const words = wordsOf(line);
    requireFields(words, 15, 'image, left right top bottom, five points x y', line.where);
    const [left, right, top, bottom, ...points] = numbersOf(words.slice(1), line.where);
    if (!(right > left && bottom > top)) {
      throw new DatasetError(
        `${line.where}: expected a box "left right top bottom", got ${left} ${right} ${top} ${bottom}; is it "left top right bottom"?`,
      );
    }
    return {
      where: line.where,
      image: words[0].replaceAll('\\', '/'),
      points,
      boxXywh: [left, top, right - left, bottom - top],
    };
  });
}

/**
 * The faces of a list of MTFL (Zhang et al. 2014): image, five x, five y, then gender, smile, glasses and head pose.
 *
 * @throws {DatasetError} if a line has another number of fields.
 */
export function parseMtfl(text: string, place: string): FaceRow[] {
  return linesOf(text, place).map((line) => {
    const words = wordsOf(line);
    requireFields(words, 15, 'image, five x, five y, gender, smile, glasses, pose', line.where);
    const numbers = numbersOf(words.slice(1), line.where);
    const [gender, smile, glasses, pose] = numbers.slice(10);
    return {
      where: line.where,
      image: words[0].replaceAll('\\', '/'),
      points: [0, 1, 2, 3, 4].flatMap((point) => [numbers[point], numbers[point + 5]]),
      attributes: { gender, smile, glasses, pose },
    };
  });
}

/**
 * The faces of CelebA's landmarks, `list_landmarks_celeba.txt` or `list_landmarks_align_celeba.txt`: the number of lines, a
 * header, then image and five points.
 *
 * @throws {DatasetError} if the header is another, or the lines are not as many as the first says.
 */
export function parseCelebA(text: string, place: string): FaceRow[] {
  const [count, header, ...lines] = linesOf(text, place);
  if (!/^\d+$/.test(count?.text ?? '') || header?.text.startsWith('lefteye_x') !== true) {
    throw new DatasetError(
      `${place}: expected the number of images, then a header "lefteye_x lefteye_y ...", got others`,
    );
  }
  if (lines.length !== Number(count.text)) {
    throw new DatasetError(
      `${place}: expected ${count.text} images, as its first line says, got ${lines.length}; the file is cut off`,
    );
  }
  return lines.map((line) => {
    const words = wordsOf(line);
    requireFields(words, 11, 'image, five points x y', line.where);
    return { where: line.where, image: words[0], points: numbersOf(words.slice(1), line.where) };
  });
}
