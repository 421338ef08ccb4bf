import { ShapeError } from '@retinabench/core';

/** Arrays of numbers that a message may hold. */
const arrayTypes = { Uint8Array, Int32Array, Float32Array, Float64Array } as const;
type ArrayType = keyof typeof arrayTypes;
type PackedArray = InstanceType<(typeof arrayTypes)[ArrayType]>;

/** Where an array lies among the bytes that follow the JSON. */
interface ArrayPlace {
  readonly $array: ArrayType;
  readonly at: number;
  readonly length: number;
}

/** What is undefined in a list: a free dimension of a tensor. */
const absent = { $absent: true };

/** Arrays begin at multiples of the longest element. */
const alignment = 8;

/**
 * A message as bytes: the length of its JSON (uint32, little-endian), the JSON with each array of numbers replaced by its
 * place, and the bytes of the arrays, so that pixels and tensors pass as they are, non-finite numbers included.
 *
 * @param message JSON values, and arrays of numbers anywhere in them; what is undefined is left out.
 * @throws {ShapeError} for an array of another type.
 */
export function packMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Uint8Array[] = [];
  let bytes = 0;
  const place = (array: ArrayBufferView): ArrayPlace => {
    const type = (Object.keys(arrayTypes) as ArrayType[]).find((name) => array instanceof arrayTypes[name]);
    if (type === undefined)
      throw new ShapeError(`message: expected ${Object.keys(arrayTypes).join(', ')}, got another`);
    const at = bytes;
    arrays.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    bytes = aligned(bytes + array.byteLength);
    return { $array: type, at, length: (array as PackedArray).length };
  };
  const json = new TextEncoder().encode(JSON.stringify(withPlaces(message, place)));
  const start = aligned(4 + json.length);
  const packed = new Uint8Array(start + bytes);
  new DataView(packed.buffer).setUint32(0, json.length, true);
  packed.set(json, 4);
  let at = start;
  for (const array of arrays) {
    packed.set(array, at);
    at = aligned(at + array.length);
  }
  return packed;
}

/**
 * The message that `packMessage` made bytes of. Its arrays lie in the memory of `packed`.
 *
 * @throws {ShapeError} if the bytes are cut short or not a message.
 */
export function unpackMessage<Message>(packed: Uint8Array): Message {
  const bytes = packed.byteOffset % alignment === 0 ? packed : packed.slice();
  const length = bytes.length < 4 ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (!(4 + length <= bytes.length)) {
    throw new ShapeError(`message: expected ${length} bytes of JSON, got ${bytes.length} bytes in all`);
  }
  const start = bytes.byteOffset + aligned(4 + length);
  const end = bytes.byteOffset + bytes.length;
  const arrayAt = ({ $array, at, length: count }: ArrayPlace): PackedArray => {
    const type = arrayTypes[$array];
    if (start + at + count * type.BYTES_PER_ELEMENT > end) {
      throw new ShapeError(`message: expected ${count} numbers at byte ${at}, got ${end - start} bytes`);
    }
    return new type(bytes.buffer as ArrayBuffer, start + at, count);
  };
  return withArrays(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))), arrayAt) as Message;
}

function withPlaces(value: unknown, place: (array: ArrayBufferView) => ArrayPlace): unknown {
  if (ArrayBuffer.isView(value)) return place(value);
  // JSON has no undefined: in a list it would become null.
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? absent : withPlaces(item, place)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlaces(item, place)]));
}

function withArrays(value: unknown, arrayAt: (place: ArrayPlace) => PackedArray): unknown {
  if (isPlace(value)) return arrayAt(value);
  if (Array.isArray(value)) return value.map((item) => withArrays(item, arrayAt));
  if (typeof value !== 'object' || value === null) return value;
  if ('$absent' in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withArrays(item, arrayAt)]));
}

function isPlace(value: unknown): value is ArrayPlace {
  return (
    typeof value === 'object' && value !== null && '$array' in value && Object.hasOwn(arrayTypes, String(value.$array))
  );
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
