import { DatasetError } from '@retinabench/core/basics';
import { type Element, type ElementSource, elementTypes, readElement, readNumbers } from './element.js';
import type { MatArray } from './mat-array.js';

/** MATLAB classes (MAT-file format, level 5, table 1-3). */
const classes = { cell: 1, char: 4, firstNumeric: 6, lastNumeric: 13 } as const;

/** The flag of an array with an imaginary part (table 1-3's flags byte). */
const complexFlag = 0x08_00;

/** Cells within cells; ground truth has two levels. */
const depthLimit = 8;

/** How many arrays a file may still give; a 64 MiB file of empty cells would otherwise become gigabytes of objects. */
export interface ArrayBudget {
  arrays: number;
  /** Whether cells within cells are decoded when they are read. */
  readonly lazily: boolean;
}

/** An array of which the header has been read and the data have not. */
export interface MatrixHeader {
  /** Empty inside a cell. */
  readonly name: string;
  readonly matlabClass: number;
  readonly isComplex: boolean;
  readonly dimensions: readonly number[];
  /** Where the data start. */
  readonly data: number;
  readonly end: number;
}

/**
 * Read the flags, dimensions and name of a matrix element.
 *
 * @throws {DatasetError} if one of them is missing or malformed.
 */
export function readMatrixHeader(source: ElementSource, element: Element): MatrixHeader {
  const { start, end } = element;
  if (start === end) {
    return { name: '', matlabClass: classes.firstNumeric, isComplex: false, dimensions: [0, 0], data: end, end };
  }
  const usual = readUsualHeader(source, start, end);
  if (usual !== undefined) return usual;
  const flags = readElement(source, start, end);
  if (flags.type !== elementTypes.uint32 || flags.end - flags.start !== 8) {
    throw new DatasetError(
      `${source.place(start)}: expected array flags of 8 bytes, got ${flags.end - flags.start} bytes of type ${flags.type}; the file is damaged: fetch it again`,
    );
  }
  const word = source.view.getUint32(flags.start, source.littleEndian);
  const shape = readElement(source, flags.next, end);
  const dimensions = readDimensions(source, shape);
  const name = readElement(source, shape.next, end);
  return {
    name: readText(source, name),
    matlabClass: word & 0xff,
    isComplex: (word & complexFlag) !== 0,
    dimensions,
    data: name.next,
    end,
  };
}

/** Bytes of the flags, two dimensions and an empty name, each with its tag. */
const usualHeaderBytes = 40;

/** The header that MATLAB gives an array in a cell, without an object for each element: ground truth has 40,000 of them. */
function readUsualHeader({ view, littleEndian }: ElementSource, start: number, end: number): MatrixHeader | undefined {
  if (
    end - start < usualHeaderBytes ||
    view.getUint32(start, littleEndian) !== elementTypes.uint32 ||
    view.getUint32(start + 4, littleEndian) !== 8 ||
    view.getUint32(start + 16, littleEndian) !== elementTypes.int32 ||
    view.getUint32(start + 20, littleEndian) !== 8 ||
    view.getUint32(start + 32, littleEndian) !== elementTypes.int8 ||
    view.getUint32(start + 36, littleEndian) !== 0
  ) {
    return undefined;
  }
  const rows = view.getInt32(start + 24, littleEndian);
  const columns = view.getInt32(start + 28, littleEndian);
  if (rows < 0 || columns < 0) return undefined;
  const word = view.getUint32(start + 8, littleEndian);
  return {
    name: '',
    matlabClass: word & 0xff,
    isComplex: (word & complexFlag) !== 0,
    dimensions: [rows, columns],
    data: start + usualHeaderBytes,
    end,
  };
}

/**
 * Read the data behind a header.
 *
 * @param budget counted down by one for every array.
 * @throws {DatasetError} if the dimensions disagree with the data, an array is complex, cells nest too deeply or there are
 * too many arrays.
 */
export function readMatrixData(source: ElementSource, header: MatrixHeader, budget: ArrayBudget, depth = 0): MatArray {
  const { matlabClass, dimensions, data, end } = header;
  if (--budget.arrays < 0 || depth > depthLimit) {
    throw new DatasetError(
      `${source.place(data)}: expected at most 1,000,000 arrays, nested at most ${depthLimit} deep; this is no WIDER FACE ground truth`,
    );
  }
  let count = 1;
  for (const size of dimensions) count *= size;
  if (matlabClass === classes.cell) {
    if (budget.lazily && depth > 0) {
      return {
        kind: 'cell',
        dimensions,
        get cells() {
          return readCells(source, count, header, budget, depth);
        },
      };
    }
    return { kind: 'cell', dimensions, cells: readCells(source, count, header, budget, depth) };
  }
  if (matlabClass === classes.char) {
    const text = data === end ? '' : readText(source, readElement(source, data, end));
    if (text.length !== count) throw sizeError(source, data, `${count} characters`, `${text.length}`);
    return { kind: 'text', dimensions, text };
  }
  if (matlabClass < classes.firstNumeric || matlabClass > classes.lastNumeric) return { kind: 'skipped', matlabClass };
  if (header.isComplex) {
    throw new DatasetError(
      `${source.place(data)}: ${header.name === '' ? 'an array in a cell' : header.name}: expected real numbers, got a complex array; save its real part`,
    );
  }
  const values = data === end ? new Float64Array(0) : readNumbers(source, readElement(source, data, end));
  if (values.length !== count) throw sizeError(source, data, `${count} numbers`, `${values.length}`);
  return { kind: 'numeric', dimensions, values };
}

function readCells(
  source: ElementSource,
  count: number,
  { data, end }: MatrixHeader,
  budget: ArrayBudget,
  depth: number,
): MatArray[] {
  if (count * 8 > end - data) throw sizeError(source, data, `${count} cells`, `${end - data} bytes`);
  const cells: MatArray[] = [];
  for (let offset = data; cells.length < count; ) {
    const cell = readElement(source, offset, end);
    if (cell.type !== elementTypes.matrix) {
      throw sizeError(source, offset, `the matrix of cell ${cells.length}`, `an element of type ${cell.type}`);
    }
    cells.push(readMatrixData(source, readMatrixHeader(source, cell), budget, depth + 1));
    offset = cell.next;
  }
  return cells;
}

function readDimensions({ view, littleEndian, place }: ElementSource, { type, start, end }: Element): number[] {
  const dimensions: number[] = [];
  const isList = type === elementTypes.int32 && (end - start) % 4 === 0 && end - start <= 32;
  let isNegative = false;
  for (let at = start; isList && at < end; at += 4) {
    const size = view.getInt32(at, littleEndian);
    isNegative ||= size < 0;
    dimensions.push(size);
  }
  if (dimensions.length < 2 || isNegative) {
    throw new DatasetError(
      `${place(start)}: expected 2 to 8 dimensions of at least 0, got ${isList ? dimensions.join(' x ') : `${end - start} bytes of type ${type}`}; the file is damaged: fetch it again`,
    );
  }
  return dimensions;
}

const utf8 = new TextDecoder();

function readText(source: ElementSource, element: Element): string {
  if (element.type === elementTypes.utf8 || element.type === elementTypes.int8 || element.type === elementTypes.uint8) {
    // Arrays in cells have no name.
    if (element.start === element.end) return '';
    return utf8.decode(source.bytes.subarray(element.start, element.end));
  }
  const codes = readNumbers(source, element);
  let text = '';
  for (const code of codes) text += String.fromCharCode(code);
  return text;
}

function sizeError(source: ElementSource, offset: number, expected: string, actual: string): DatasetError {
  return new DatasetError(
    `${source.place(offset)}: expected ${expected}, got ${actual}; the file is truncated or damaged: fetch it again`,
  );
}
