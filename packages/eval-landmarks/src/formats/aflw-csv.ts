import { DatasetError } from '@retinabench/core';
import { linesOf } from './lines.js';
import { numbersOf, requireFields } from './numbers.js';
import type { FaceRow } from './rows-to-set.js';

const start = ['image_name', 'scale', 'box_size', 'center_w', 'center_h'];

/**
 * The faces of a list of AFLW as HRNet prepared it: image, scale, side and centre of the square face box, then the points. The
 * side is what errors are divided by: normaliser `box`.
 *
 * @throws {DatasetError} if the header is another, or a line does not fit it.
 */
export function parseAflwCsv(text: string, place: string): FaceRow[] {
  const [header, ...lines] = linesOf(text, place);
  const names = header?.text.split(',') ?? [];
  if (start.some((name, at) => names[at] !== name) || names.length < 7 || names.length % 2 !== 1) {
    throw new DatasetError(
      `${place}: expected the columns ${start.join(',')},original_0_x,original_0_y ..., got ${names.slice(0, 6).join(',') || 'no line'}`,
    );
  }
  return lines.map((line) => {
    const words = line.text.split(',');
    requireFields(words, names.length, 'as its header', line.where);
    const [, side, centreX, centreY, ...points] = numbersOf(words.slice(1), line.where);
    return {
      where: line.where,
      image: words[0],
      points,
      boxXywh: [centreX - side / 2, centreY - side / 2, side, side],
    };
  });
}
