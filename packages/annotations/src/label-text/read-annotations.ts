import { DatasetError } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder } from '../set/annotations-builder.js';

/** The five points of RetinaFace, in the order of its files. */
export const fivePoints = ['left-eye', 'right-eye', 'nose', 'left-mouth', 'right-mouth'] as const;

/** Fields of a face line: the box; five points of x, y and a flag; a number for the quality of the points. */
const fieldCounts: readonly number[] = [4, 19, 20];

/**
 * Read annotations in the form of RetinaFace's `label.txt`: a line `# <path>.jpg` per image, then a line per face, `x y w h`, or
 * that and five points of `x y flag`, or that and a number, which becomes the attribute `quality`.
 *
 * A point of -1 -1 is not given. The flag is 0 for a visible point and 1 for a hidden one, as the public training code reads it.
 *
 * @param text  of the file. @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name or a face is malformed.
 * Cost: O(text).
 */
export function readLabelText(text: string, place: string, context: ReadingContext): Annotations {
  const builder = new AnnotationsBuilder(place, {
    negativeSizes: context.negativeSizes ?? 'keep',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  builder.landmarks.setNames(fivePoints);
  let image = -1;
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    const content = line.trim();
    const where = `${place}:${index + 1}`;
    if (content === '') return;
    if (content.startsWith('#')) {
      image = builder.addImage(content.replace(/^#\s*/, ''), where);
      return;
    }
    if (image < 0) throw new DatasetError(`${where}: expected "# <path>.jpg" before the first face; add it`);
    addFace(builder, image, content, where);
  });
  return builder.build();
}

function addFace(builder: AnnotationsBuilder, image: number, line: string, where: string): void {
  const numbers = line.split(/\s+/).map(Number);
  if (!fieldCounts.includes(numbers.length) || !numbers.every(Number.isFinite)) {
    throw new DatasetError(
      `${where}: expected "x y w h" and, as in RetinaFace's label.txt, five points of x y flag, got ${numbers.length} fields: ${JSON.stringify(line.slice(0, 80))}; correct the line`,
    );
  }
  const [x, y, w, h] = numbers;
  builder.addFace(
    image,
    {
      box: [x, y, w, h],
      ...(numbers.length > 4 ? pointsOf(numbers, where) : {}),
      ...(numbers.length === 20 ? { attributes: [['quality', numbers[19]]] } : {}),
    },
    where,
  );
}

function pointsOf(numbers: readonly number[], where: string): { points: number[]; visibility: number[] } {
  const points: number[] = [];
  const visibility: number[] = [];
  for (let at = 4; at < 19; at += 3) {
    const [x, y, flag] = numbers.slice(at, at + 3);
    if (x === -1 && y === -1) {
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
