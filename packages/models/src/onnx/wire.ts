/** Messages of ONNX on the way to a tensor. */
export type Message = 'model' | 'graph' | 'node' | 'attribute' | 'sparse' | 'function' | 'training' | 'tensor';

/**
 * Fields through which tensors are reached, by message and number.
 *
 * Source: onnx/onnx.proto of the ONNX standard (field numbers never change meaning there).
 */
export const tensorPlaces: Readonly<Record<Exclude<Message, 'tensor'>, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
};

/** Deepest nesting of messages that is followed; protocol buffers themselves stop at 100. */
export const mostNestedMessages = 100;

/** A field of a protocol-buffer message. */
export interface WireField {
  readonly number: number;
  /** Where its tag begins and its value ends, in the bytes of the message. */
  readonly start: number;
  readonly end: number;
  /** Of a field with a length: its content, a view. */
  readonly content?: Uint8Array;
  /** Of a number of variable length: its value, exact up to 2^53. */
  readonly varint?: number;
}

/**
 * The fields of a message, one level deep.
 *
 * @returns undefined if the bytes are no message.
 * Cost: O(fields), nothing is copied.
 * Source: Protocol Buffers, "Encoding".
 */
export function readFields(bytes: Uint8Array): WireField[] | undefined {
  const fields: WireField[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const tag = readVarint(bytes, at);
    if (tag === undefined || tag[0] < 8) return undefined;
    const number = Math.floor(tag[0] / 8);
    const value = readValue(bytes, tag[1], tag[0] % 8);
    if (value === undefined) return undefined;
    at = value.end;
    fields.push({ number, start, ...value });
  }
  return fields;
}

/** The value of a field by its wire type; undefined if it passes the end. */
function readValue(
  bytes: Uint8Array,
  at: number,
  wireType: number,
): Pick<WireField, 'end' | 'content' | 'varint'> | undefined {
  switch (wireType) {
    case 0: {
      const read = readVarint(bytes, at);
      return read === undefined ? undefined : { varint: read[0], end: read[1] };
    }
    case 1:
    case 5: {
      const end = at + (wireType === 1 ? 8 : 4);
      return end > bytes.length ? undefined : { end };
    }
    case 2: {
      const read = readVarint(bytes, at);
      if (read === undefined || read[1] + read[0] > bytes.length) return undefined;
      return { content: bytes.subarray(read[1], read[1] + read[0]), end: read[1] + read[0] };
    }
    default:
      // Groups, which ONNX never had.
      return undefined;
  }
}

/** A number of variable length and where it ends; undefined if it passes the end. */
export function readVarint(bytes: Uint8Array, start: number): readonly [value: number, end: number] | undefined {
  let value = 0;
  let factor = 1;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    value += (bytes[at] & 0x7f) * factor;
    factor *= 128;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
  return undefined;
}

/** A number from 0 to 2^53 as bytes of variable length. */
export function writeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
