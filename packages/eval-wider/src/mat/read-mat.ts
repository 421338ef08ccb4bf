import { inflateSync } from 'node:zlib';
import { DatasetError } from '@retinabench/core/basics';
import { type Element, type ElementSource, elementTypes, readElement } from './element.js';
import type { MatArray, MatVariables } from './mat-array.js';
import { type ArrayBudget, readMatrixData, readMatrixHeader } from './read-matrix.js';

/** Bytes before the first element. */
const headerBytes = 128;

/** All compressed elements of a file together may inflate to this; the largest WIDER FACE file needs 3 MB. */
const inflatedBytesLimit = 64 * 1024 * 1024;

/** Bytes that are inflated at once; the largest variable of WIDER FACE val has 3 MB, and Node's own 16 KiB copy it in 190 parts. */
const inflatedChunkBytes = 512 * 1024;

/**
 * Read a level-5 MAT file (MATLAB 5 to 7.2).
 *
 * @param bytes the whole file.
 * @param place its name, for messages.
 * @param names the variables wanted; the data of others are not decoded. Default: all.
 * @param lazily whether cells within cells are decoded each time that `cells` is read, and their errors thrown there: for lists too
 * long to be held as arrays all at once.
 * @returns its named arrays: numeric classes up to 32 bits and floating point, char and cell; others as `skipped`.
 * @throws {DatasetError} with the byte offset, if the file is not a level-5 MAT file, is truncated or damaged, or
 * inflates to more than 64 MiB. What a header announces is never allocated before the bytes for it are there.
 * Source: The MathWorks, "MAT-File Format", chapter 1 (level 5).
 */
export function readMat(bytes: Uint8Array, place: string, names?: ReadonlySet<string>, lazily = false): MatVariables {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const source: ElementSource = {
    bytes,
    view,
    littleEndian: isLittleEndian(bytes, place),
    place: (offset) => `${place}: byte ${offset}`,
  };
  const variables = new Map<string, MatArray>();
  const budget = { arrays: 1_000_000, lazily };
  let inflatable = inflatedBytesLimit;
  for (let offset = headerBytes; offset < bytes.length; ) {
    const element = readElement(source, offset, bytes.length);
    if (element.type === elementTypes.compressed) {
      const inflated = inflate(source, element, inflatable);
      inflatable -= inflated.bytes.length;
      readVariable(inflated, readElement(inflated, 0, inflated.bytes.length), budget, names, variables);
    } else {
      readVariable(source, element, budget, names, variables);
    }
    offset = element.next;
  }
  return variables;
}

function isLittleEndian(bytes: Uint8Array, place: string): boolean {
  const order = bytes.length >= headerBytes ? String.fromCharCode(bytes[126], bytes[127]) : '';
  const version = order === 'IM' ? bytes[125] : bytes[124];
  if ((order !== 'IM' && order !== 'MI') || version !== 1) {
    throw new DatasetError(
      `${place}: byte 124: expected the header of a level-5 MAT file (128 bytes ending in version 1 and "IM" or "MI"), got ${bytes.length < headerBytes ? `a file of ${bytes.length} bytes` : `version ${version}, ${JSON.stringify(order)}`}; save it with -v7 or earlier`,
    );
  }
  return order === 'IM';
}

function inflate(outer: ElementSource, element: Element, maxOutputLength: number): ElementSource {
  let bytes: Uint8Array;
  try {
    bytes = inflateSync(outer.bytes.subarray(element.start, element.end), {
      maxOutputLength: Math.max(maxOutputLength, 1),
      chunkSize: inflatedChunkBytes,
    });
  } catch (cause) {
    throw new DatasetError(
      `${outer.place(element.start)}: expected zlib data of at most ${maxOutputLength} bytes once inflated, got: ${(cause as Error).message}; the file is damaged: fetch it again`,
      { cause },
    );
  }
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    littleEndian: outer.littleEndian,
    place: (offset) => `${outer.place(element.start)} (compressed): byte ${offset} once inflated`,
  };
}

function readVariable(
  source: ElementSource,
  element: Element,
  budget: ArrayBudget,
  names: ReadonlySet<string> | undefined,
  variables: Map<string, MatArray>,
): void {
  if (element.type !== elementTypes.matrix) return;
  const header = readMatrixHeader(source, element);
  if (names === undefined || names.has(header.name)) {
    variables.set(header.name, readMatrixData(source, header, budget));
  }
}
