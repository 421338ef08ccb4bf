import { DatasetError } from '@retinabench/core/basics';

/** Data types of elements (MAT-file format, level 5, table 1-1). */
export const elementTypes = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
} as const;

/** Bytes of one number of each numeric data type. */
const bytesPerNumber: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 2,
  5: 4,
  6: 4,
  7: 4,
  9: 8,
  16: 1,
  17: 2,
};

/** One tagged element: its data are `bytes.subarray(start, end)`. */
export interface Element {
  readonly type: number;
  readonly start: number;
  readonly end: number;
  /** Where the next element starts: elements are padded to 8 bytes. */
  readonly next: number;
}

/** The bytes elements are read from, and how to name a position in messages. */
export interface ElementSource {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** `file.mat: byte 136`, or `file.mat: byte 136 (compressed): byte 40 once inflated`. */
  readonly place: (offset: number) => string;
}

/**
 * Read the tag at `offset`.
 *
 * @param limit end of the data that hold the element.
 * @throws {DatasetError} if the tag or the data it announces do not fit before `limit`.
 */
export function readElement(source: ElementSource, offset: number, limit: number): Element {
  if (offset + 8 > limit) {
    throw new DatasetError(
      `${source.place(offset)}: expected an element tag of 8 bytes, got ${Math.max(limit - offset, 0)} bytes; the file is truncated: fetch it again`,
    );
  }
  const word = source.view.getUint32(offset, source.littleEndian);
  const smallSize = word >>> 16;
  if (smallSize !== 0) {
    if (smallSize > 4) {
      throw new DatasetError(
        `${source.place(offset)}: expected a small element of at most 4 bytes, got ${smallSize}; the file is damaged: fetch it again`,
      );
    }
    return { type: word & 0xffff, start: offset + 4, end: offset + 4 + smallSize, next: offset + 8 };
  }
  const size = source.view.getUint32(offset + 4, source.littleEndian);
  const start = offset + 8;
  if (size > limit - start) {
    throw new DatasetError(
      `${source.place(offset)}: expected an element of ${size} bytes, got ${limit - start} bytes before the end; the file is truncated or damaged: fetch it again`,
    );
  }
  const padded = word === elementTypes.compressed ? size : Math.ceil(size / 8) * 8;
  return { type: word, start, end: start + size, next: Math.min(start + padded, limit) };
}

/**
 * The numbers of a numeric element.
 *
 * @throws {DatasetError} if its type is not numeric or its size is no multiple of a number's.
 */
export function readNumbers(source: ElementSource, element: Element): Float64Array {
  const width = bytesPerNumber[element.type];
  const size = element.end - element.start;
  if (width === undefined || size % width !== 0) {
    throw new DatasetError(
      `${source.place(element.start)}: expected whole numbers of a known data type, got ${size} bytes of type ${element.type}; only level-5 MAT files without 64-bit integers are read`,
    );
  }
  const { bytes, view, littleEndian } = source;
  const values = new Float64Array(size / width);
  if (element.type === elementTypes.uint8) {
    for (let index = 0, at = element.start; index < size; index++, at++) values[index] = bytes[at];
    return values;
  }
  for (let index = 0, at = element.start; index < values.length; index++, at += width) {
    values[index] = readNumber(view, at, element.type, littleEndian);
  }
  return values;
}

function readNumber(view: DataView, at: number, type: number, littleEndian: boolean): number {
  switch (type) {
    case elementTypes.int8:
      return view.getInt8(at);
    case elementTypes.int16:
      return view.getInt16(at, littleEndian);
    case elementTypes.uint16:
    case elementTypes.utf16:
      return view.getUint16(at, littleEndian);
    case elementTypes.int32:
      return view.getInt32(at, littleEndian);
    case elementTypes.uint32:
      return view.getUint32(at, littleEndian);
    case elementTypes.single:
      return view.getFloat32(at, littleEndian);
    case elementTypes.double:
      return view.getFloat64(at, littleEndian);
    default:
      return view.getUint8(at);
  }
}
