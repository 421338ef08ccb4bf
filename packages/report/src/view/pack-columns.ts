import { ShapeError } from '@retinabench/core';

/** Typed arrays that go between server and page. */
export type Column = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

const kinds = { Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const;

type Kind = keyof typeof kinds;

interface Described {
  readonly kind: Kind;
  readonly length: number;
}

/** Columns begin at multiples of this many bytes, so that they are read where they lie. */
const alignment = 8;

/**
 * A value and typed arrays as bytes: length of the JSON, JSON of value and columns, then the columns, each at a multiple of 8
 * bytes, in the byte order of the machine, which both ends share.
 *
 * Cost: one copy.
 */
export function packColumns(header: unknown, columns: readonly Column[]): Uint8Array<ArrayBuffer> {
  const described = columns.map((column): Described => ({ kind: kindOf(column), length: column.length }));
  const json = new TextEncoder().encode(JSON.stringify({ header, columns: described }));
  let at = aligned(4 + json.length);
  const places = columns.map((column) => {
    const place = at;
    at = aligned(at + column.byteLength);
    return place;
  });
  const bytes = new Uint8Array(at);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  columns.forEach((column, index) => {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), places[index]);
  });
  return bytes;
}

/**
 * What `packColumns` made bytes of; the columns are views of them.
 *
 * @throws {ShapeError} if the bytes end before their columns do.
 */
export function unpackColumns<Header>(bytes: ArrayBuffer): { readonly header: Header; readonly columns: Column[] } {
  const length = bytes.byteLength < 4 ? Number.POSITIVE_INFINITY : new DataView(bytes).getUint32(0, true);
  if (4 + length > bytes.byteLength) throw tooShort(4 + length, bytes.byteLength);
  const text = new TextDecoder().decode(new Uint8Array(bytes, 4, length));
  const { header, columns } = JSON.parse(text) as { header: Header; columns: Described[] };
  let at = aligned(4 + length);
  const read = columns.map((column) => {
    const kind = kinds[column.kind];
    const end = at + column.length * kind.BYTES_PER_ELEMENT;
    if (end > bytes.byteLength) throw tooShort(end, bytes.byteLength);
    const made = new kind(bytes, at, column.length);
    at = aligned(end);
    return made;
  });
  return { header, columns: read };
}

function aligned(at: number): number {
  return Math.ceil(at / alignment) * alignment;
}

function kindOf(column: Column): Kind {
  return (Object.keys(kinds) as Kind[]).find((kind) => column instanceof kinds[kind]) ?? 'Uint8Array';
}

function tooShort(expected: number, actual: number): ShapeError {
  return new ShapeError(`columns: expected ${expected} bytes, got ${actual}; load the page again`);
}
