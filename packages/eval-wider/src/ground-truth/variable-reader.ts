import { DatasetError } from '@retinabench/core/basics';
import type { MatArray } from '../mat/mat-array.js';

/** Reads one variable of nested cells, naming the place of what it does not expect. */
export class VariableReader {
  readonly #array: MatArray | undefined;
  readonly #place: string;
  /** Read once: they may be decoded each time. */
  #list: readonly MatArray[] | undefined;

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
    const expected = (): string => `${rows ?? 'n'} x ${columns} numbers`;
    if (array.kind !== 'numeric') throw this.#unexpected(index, expected(), array);
    const { values, dimensions } = array;
    const shaped = values.length === 0 || (dimensions.length === 2 && dimensions[1] === columns);
    if (!shaped || (rows !== undefined && values.length !== rows * columns)) {
      throw this.#unexpected(index, expected(), array);
    }
    return values;
  }

  /** A list of 1-based face numbers. */
  indices(index: number, faces: number): Float64Array {
    const array = this.#at(index);
    if (array.kind !== 'numeric') throw this.#unexpected(index, 'face numbers', array);
    const { values } = array;
    for (let at = 0; at < values.length; at++) {
      const bad = values[at];
      if (Number.isInteger(bad) && bad >= 1 && bad <= faces) continue;
      throw new DatasetError(
        `${this.#place}{${index + 1}}: expected face numbers 1 to ${faces}, got ${bad}; the files are not of one release`,
      );
    }
    return values;
  }

  #cells(): readonly MatArray[] {
    if (this.#list !== undefined) return this.#list;
    if (this.#array?.kind !== 'cell') {
      throw new DatasetError(
        `${this.#place}: expected a cell array, got ${this.#array === undefined ? 'no such variable' : this.#array.kind}; is this WIDER FACE ground truth?`,
      );
    }
    this.#list = this.#array.cells;
    return this.#list;
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
