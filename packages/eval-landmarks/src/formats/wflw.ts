import { linesOf, wordsOf } from './lines.js';
import { numbersOf, requireFields } from './numbers.js';
import type { FaceRow } from './rows-to-set.js';

const attributeNames = ['pose', 'expression', 'illumination', 'makeUp', 'occlusion', 'blur'] as const;

/** Fields of a line: 98 points, a box, six attributes, the image. */
const fields = 98 * 2 + 4 + 6 + 1;

/**
 * The faces of a list of WFLW: 98 points `x y`, a box `x1 y1 x2 y2`, six attributes of 0 or 1 and the path of the image, a
 * face a line.
 *
 * @throws {DatasetError} if a line has another number of fields, or a field is not a number.
 */
export function parseWflw(text: string, place: string): FaceRow[] {
  return linesOf(text, place).map((line) => {
    const words = wordsOf(line);
    requireFields(words, fields, '98 points, x1 y1 x2 y2, six attributes, image', line.where);
    const numbers = numbersOf(words.slice(0, -1), line.where);
    const [x1, y1, x2, y2] = numbers.slice(196, 200);
    return {
      where: line.where,
      image: words[fields - 1],
      points: numbers.slice(0, 196),
      boxXywh: [x1, y1, x2 - x1, y2 - y1],
      attributes: Object.fromEntries(attributeNames.map((name, at) => [name, numbers[200 + at]])),
    };
  });
}
