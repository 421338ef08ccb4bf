import { DatasetError } from '@retinabench/core/basics';
import { type Split, splits } from '@retinabench/results';
import type { MatArray } from '../mat/mat-array.js';
import { readMat } from '../mat/read-mat.js';
import { checkedBox, checkedLabel, emptyGroundTruth, whereIs } from './build.js';
import { faceLabels, type WiderGroundTruth } from './ground-truth.js';

/** The four files of the official validation ground truth. */
export const matFiles: Readonly<Record<'faces' | Split, string>> = {
  faces: 'wider_face_val.mat',
  easy: 'wider_easy_val.mat',
  medium: 'wider_medium_val.mat',
  hard: 'wider_hard_val.mat',
};

/**
 * Ground truth from the contents of the four official files.
 *
 * @param files bytes of each file.
 * @param place folder they come from, for messages.
 * @throws {DatasetError} if a file is no level-5 MAT file, a variable is missing or of another shape, or the files
 * disagree on events, images or faces.
 */
export function groundTruthFromMat(
  files: Readonly<Record<'faces' | Split, Uint8Array>>,
  place: string,
): WiderGroundTruth {
  const facesPlace = `${place}/${matFiles.faces}`;
  const variables = readMat(files.faces, facesPlace);
  const variable = (name: string): VariableReader => new VariableReader(variables.get(name), `${facesPlace}: ${name}`);
  const events = variable('event_list');
  const names = variable('file_list');
  const boxes = variable('face_bbx_list');
  const labels = faceLabels.map((label) => variable(`${label}_label_list`));
  const counted = splits.map((split) => {
    const splitPlace = `${place}/${matFiles[split]}`;
    const gtList = readMat(files[split], splitPlace, new Set(['gt_list'])).get('gt_list');
    return new VariableReader(gtList, `${splitPlace}: gt_list`);
  });
  const images: MatImage[] = [];
  for (let event = 0; event < events.count(); event++) {
    const eventName = events.text(event);
    const eventImages = names.cell(event);
    const eventBoxes = boxes.cell(event, eventImages.count());
    const eventLabels = labels.map((label) => label.cell(event, eventImages.count()));
    const eventCounted = counted.map((list) => list.cell(event, eventImages.count()));
    for (let image = 0; image < eventImages.count(); image++) {
      const rows = eventBoxes.rows(image, 4);
      const faces = rows.length / 4;
      images.push({
        boxes: rows,
        labels: eventLabels.map((label) => label.rows(image, 1, faces)),
        counted: eventCounted.map((list) => list.indices(image, faces)),
        name: `${eventName}/${eventImages.text(image)}`,
      });
    }
  }
  return fillIn(images, facesPlace);
}

/** What the files hold of an image. */
interface MatImage {
  readonly name: string;
  /** Float64Array [faces, 4], column by column: all x, all y, all w, all h. */
  readonly boxes: Float64Array;
  /** Per label Float64Array [faces]. */
  readonly labels: readonly Float64Array[];
  /** Per split the 1-based numbers of the faces that count. */
  readonly counted: readonly Float64Array[];
}

function fillIn(images: readonly MatImage[], place: string): WiderGroundTruth {
  const names = images.map(({ name }) => name);
  const groundTruth = emptyGroundTruth(
    names,
    images.map(({ boxes }) => boxes.length / 4),
    place,
  );
  const { start, boxesXywh } = groundTruth;
  images.forEach(({ boxes, labels, counted }, image) => {
    const faces = boxes.length / 4;
    for (let face = 0; face < faces; face++) {
      const row = start[image] + face;
      const where = (): string => whereIs(place, names[image], face);
      for (let side = 0; side < 4; side++) boxesXywh[4 * row + side] = boxes[face + side * faces];
      if (!isFiniteBox(boxesXywh, 4 * row)) checkedBox(Array.from(boxesXywh.subarray(4 * row, 4 * row + 4)), where);
      for (let label = 0; label < faceLabels.length; label++) {
        groundTruth.labels[faceLabels[label]][row] = checkedLabel(faceLabels[label], labels[label][face], where);
      }
    }
    for (let split = 0; split < splits.length; split++) {
      for (const number of counted[split]) groundTruth.counted[splits[split]][start[image] + number - 1] = 1;
    }
  });
  return groundTruth;
}

function isFiniteBox(boxes: Float64Array, at: number): boolean {
  return Number.isFinite(boxes[at] + boxes[at + 1] + boxes[at + 2] + boxes[at + 3]);
}

/** Reads one variable of nested cells, naming the place of what it does not expect. */
class VariableReader {
  readonly #array: MatArray | undefined;
  readonly #place: string;

  constructor(array: MatArray | undefined, place: string) {
    this.#array = array;
    this.#place = place;
  }

  count(): number {
    return this.#cells().length;
  }

  cell(index: number, count?: number): VariableReader {
    const reader = new VariableReader(this.#at(index), `${this.#place}{${index + 1}}`);
    if (count !== undefined && reader.count() !== count) {
      throw new DatasetError(
        `${this.#place}{${index + 1}}: expected ${count} images as in file_list, got ${reader.count()}; the files are not of one release`,
      );
    }
    return reader;
  }

  text(index: number): string {
    const array = this.#at(index);
    const inner = array.kind === 'cell' && array.cells.length === 1 ? array.cells[0] : array;
    if (inner.kind !== 'text') throw this.#unexpected(index, 'text', inner);
    return inner.text;
  }

  /** The numbers of a [n, columns] array, column by column as MATLAB stores them; an empty array of any shape has none. */
  rows(index: number, columns: number, rows?: number): Float64Array {
    const array = this.#at(index);
    const expected = `${rows ?? 'n'} x ${columns} numbers`;
    if (array.kind !== 'numeric') throw this.#unexpected(index, expected, array);
    const { values, dimensions } = array;
    const shaped = values.length === 0 || (dimensions.length === 2 && dimensions[1] === columns);
    if (!shaped || (rows !== undefined && values.length !== rows * columns)) {
      throw this.#unexpected(index, expected, array);
    }
    return values;
  }

  /** A list of 1-based face numbers. */
  indices(index: number, faces: number): Float64Array {
    const array = this.#at(index);
    if (array.kind !== 'numeric') throw this.#unexpected(index, 'face numbers', array);
    const bad = array.values.find((face) => !Number.isInteger(face) || face < 1 || face > faces);
    if (bad !== undefined) {
      throw new DatasetError(
        `${this.#place}{${index + 1}}: expected face numbers 1 to ${faces}, got ${bad}; the files are not of one release`,
      );
    }
    return array.values;
  }

  #cells(): readonly MatArray[] {
    if (this.#array?.kind !== 'cell') {
      throw new DatasetError(
        `${this.#place}: expected a cell array, got ${this.#array === undefined ? 'no such variable' : this.#array.kind}; is this WIDER FACE ground truth?`,
      );
    }
    return this.#array.cells;
  }

  #at(index: number): MatArray {
    const cells = this.#cells();
    if (index >= cells.length) {
      throw new DatasetError(
        `${this.#place}: expected at least ${index + 1} cells as in event_list, got ${cells.length}; the files are not of one release`,
      );
    }
    return cells[index];
  }

  #unexpected(index: number, expected: string, array: MatArray): DatasetError {
    const actual = 'dimensions' in array ? `${array.kind} ${array.dimensions.join(' x ')}` : array.kind;
    return new DatasetError(`${this.#place}{${index + 1}}: expected ${expected}, got ${actual}`);
  }
}
