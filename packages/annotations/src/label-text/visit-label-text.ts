import { DatasetError } from '@retinabench/core/basics';
import { assertNotCut } from '../source/assert-not-cut.js';
import type { ByteSource } from '../source/open-source.js';
import { visitLines } from '../source/visit-lines.js';

/** A face of a `label.txt`. */
export interface LabelFace {
  /** (x, y, w, h), pixels. */
  readonly box: readonly [number, number, number, number];
  /** (x, y, flag) of left eye, right eye, nose, left and right mouth corner; x and y are -1 where a point is not given. Empty: the line has the box alone. */
  readonly points: readonly (readonly [x: number, y: number, flag: number])[];
  readonly quality?: number;
}

/** Called with the name of each image, then with each of its faces. */
export interface LabelVisitor {
  image(name: string, where: string): void;
  face(face: LabelFace, where: string): void;
}

/** Fields of a face line: the box; five points of x, y and a flag; a number for the quality of the points. */
const fieldCounts: readonly number[] = [4, 19, 20];

/**
 * Read a text in the form of RetinaFace's `label.txt`: a line `# <path>` per image, then a line per face, `x y w h`, or that and
 * five points of `x y flag`, or that and a number for their quality.
 *
 * @param text  of the file, or the file. @param place its name, for messages. @param nameForm of an image, for messages: `<path>.jpg`.
 * @throws {DatasetError} with the line, if a face is malformed, belongs to no image, or is the last and cut; whatever the visitor throws.
 * Cost: O(text).
 */
export function visitLabelText(
  text: string | ByteSource,
  place: string,
  nameForm: string,
  visitor: LabelVisitor,
): void {
  let hasImage = false;
  let mostFields = 0;
  visitLines(text, (line, number, isEnded) => {
    const content = line.trim();
    const where = `${place}:${number}`;
    if (content === '') return;
    if (content.startsWith('#')) {
      hasImage = true;
      visitor.image(content.replace(/^#\s*/, ''), where);
      return;
    }
    if (!hasImage) throw new DatasetError(`${where}: expected "# ${nameForm}" before the first face; add it`);
    const fields = content.split(/\s+/);
    assertNotCut(isEnded, fields.length, mostFields, where);
    mostFields = Math.max(mostFields, fields.length);
    visitor.face(parseFace(fields, content, where), where);
  });
}

function parseFace(fields: readonly string[], line: string, where: string): LabelFace {
  const numbers = fields.map(Number);
  if (!fieldCounts.includes(numbers.length) || !numbers.every(Number.isFinite)) {
    throw new DatasetError(
      `${where}: expected "x y w h" and, as in RetinaFace's label.txt, five points of x y flag, got ${numbers.length} fields: ${JSON.stringify(line.slice(0, 80))}; correct the line`,
    );
  }
  const [x, y, w, h] = numbers;
  const points: [number, number, number][] = [];
  for (let at = 4; at + 3 <= numbers.length; at += 3) points.push([numbers[at], numbers[at + 1], numbers[at + 2]]);
  return { box: [x, y, w, h], points, ...(numbers.length === 20 ? { quality: numbers[19] } : {}) };
}

/** Whether a point is given. */
export function isGiven([x, y]: LabelFace['points'][number]): boolean {
  return x !== -1 || y !== -1;
}
