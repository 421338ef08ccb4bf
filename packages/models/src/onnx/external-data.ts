import { ModelError, shortenText } from '@retinabench/core';
import { elementBytes, elementTypeCodes } from './schema.js';
import { type Message, mostNestedMessages, readFields, readVarint, tensorPlaces, writeVarint } from './wire.js';

/** A stretch of another file that holds the elements of a tensor. */
export interface ExternalPart {
  /** Name of the tensor, for messages. */
  readonly tensor: string;
  /** Path of the file, relative to the folder of the .onnx, as the model has it. */
  readonly location: string;
  /** In bytes from the start of that file. */
  readonly offset: number;
  /** In bytes; absent: to the end of the file. */
  readonly length?: number;
}

/** Most bytes that a protocol-buffer message, and so an .onnx in one piece, may have. */
const largestMessageBytes = 2 ** 31 - 1;

const external = 1;

const bytesByCode = new Map(
  Object.entries(elementTypeCodes).map(([type, code]) => [code, elementBytes[type as 'float']]),
);

/**
 * The stretches of other files that hold tensors of a model, in the order of the file: of initialisers, of attributes and
 * of what lies in subgraphs and functions.
 *
 * @param bytes of an .onnx; what is no protocol-buffer message has none.
 * @param place the file's name, for messages.
 * @throws {ModelError} if a tensor says that its data lie in another file, but not where.
 * Cost: O(fields), nothing is copied.
 * Source: onnx/onnx.proto, TensorProto.external_data.
 */
export function externalParts(bytes: Uint8Array, place: string): ExternalPart[] {
  const parts: ExternalPart[] = [];
  rewrite(bytes, 'model', 0, (tensor) => {
    const part = externalPart(tensor, place);
    if (part !== undefined) parts.push(part);
    return undefined;
  });
  return parts;
}

/**
 * Inline the tensors that a model keeps in other files; everything else stays the same, byte for byte.
 *
 * @param read gives the bytes of a part; it throws where there is none.
 * @returns `bytes` itself if no tensor lies in another file.
 * @throws {ModelError} as `externalParts`; or if a part has not the bytes that its tensor needs, or the model would be
 * larger than the 2 GiB of a protocol-buffer message.
 * Cost: O(bytes), one copy.
 */
export function inlineExternalData(
  bytes: Uint8Array,
  place: string,
  read: (part: ExternalPart) => Uint8Array,
): Uint8Array {
  const pieces = rewrite(bytes, 'model', 0, (tensor) => {
    const part = externalPart(tensor, place);
    return part === undefined ? undefined : withRawData(tensor, read(part));
  });
  if (pieces === undefined) return bytes;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > largestMessageBytes) {
    throw new ModelError(
      `${place}: expected a model of at most 2 GiB with the tensors of its other files, got ${length} bytes; use a smaller or quantised model`,
    );
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The pieces of a message in which tensors are replaced; undefined if none is, or the bytes are no message. */
function rewrite(
  bytes: Uint8Array,
  message: Message,
  depth: number,
  replace: (tensor: Uint8Array) => Uint8Array[] | undefined,
): Uint8Array[] | undefined {
  if (message === 'tensor') return replace(bytes);
  if (depth > mostNestedMessages) return undefined;
  const fields = readFields(bytes);
  if (fields === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  let copied = 0;
  for (const { number, start, end, content } of fields) {
    const inner = tensorPlaces[message][number];
    if (inner === undefined || content === undefined) continue;
    const changed = rewrite(content, inner, depth + 1, replace);
    if (changed === undefined) continue;
    pieces.push(bytes.subarray(copied, start), ...delimited(number, changed));
    copied = end;
  }
  if (copied === 0) return undefined;
  pieces.push(bytes.subarray(copied));
  return pieces;
}

/** Numbers of the fields of a TensorProto. */
const tensorField = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13, dataLocation: 14 } as const;

/** Where a tensor's data lie; undefined if they lie in the tensor itself. */
function externalPart(tensor: Uint8Array, place: string): ExternalPart | undefined {
  const fields = readFields(tensor) ?? [];
  const varintOf = (wanted: number): number | undefined => fields.findLast(({ number }) => number === wanted)?.varint;
  if (varintOf(tensorField.dataLocation) !== external) return undefined;
  const text = new TextDecoder();
  const name =
    shortenText(text.decode(fields.findLast(({ number }) => number === tensorField.name)?.content)) || '(unnamed)';
  const entries = new Map<string, string>();
  for (const { number, content } of fields) {
    if (number !== tensorField.externalData || content === undefined) continue;
    const [key, value] = [1, 2].map((of) => readFields(content)?.findLast((field) => field.number === of)?.content);
    entries.set(text.decode(key), text.decode(value));
  }
  const bytesOf = (key: string): number | undefined => {
    const value = entries.get(key);
    if (value === undefined) return undefined;
    if (/^\d{1,15}$/.test(value)) return Number(value);
    throw new ModelError(
      `${place}: tensor ${name}: expected a number of bytes for the ${key} of its external data, got ${JSON.stringify(shortenText(value))}; export the model again`,
    );
  };
  const location = entries.get('location');
  if (location === undefined || location === '') {
    throw new ModelError(
      `${place}: tensor ${name}: its data lie in another file, but it does not say in which; export the model again, in one file`,
    );
  }
  const needed = neededBytes(fields, varintOf(tensorField.dataType));
  const length = bytesOf('length') ?? needed;
  if (needed !== undefined && length !== needed) {
    throw new ModelError(
      `${place}: tensor ${name}: expected ${needed} bytes of external data for its dimensions, got a length of ${length}; export the model again`,
    );
  }
  return { tensor: name, location, offset: bytesOf('offset') ?? 0, ...(length === undefined ? {} : { length }) };
}

/** Bytes that the dimensions and the element type of a tensor ask for; undefined for types of other widths. */
function neededBytes(
  fields: NonNullable<ReturnType<typeof readFields>>,
  dataType: number | undefined,
): number | undefined {
  const width = dataType === undefined ? undefined : bytesByCode.get(dataType);
  if (width === undefined) return undefined;
  let elements = 1;
  for (const { number, varint, content } of fields) {
    if (number !== tensorField.dims) continue;
    if (varint !== undefined) elements *= varint;
    for (let at = 0; content !== undefined && at < content.length; ) {
      const [dim, next] = readVarint(content, at) ?? [0, content.length];
      elements *= dim;
      at = next;
    }
  }
  return elements * width;
}

/** The tensor with its elements as raw data. */
function withRawData(tensor: Uint8Array, data: Uint8Array): Uint8Array[] {
  const dropped: readonly number[] = [tensorField.rawData, tensorField.externalData, tensorField.dataLocation];
  const kept = (readFields(tensor) ?? [])
    .filter(({ number }) => !dropped.includes(number))
    .map(({ start, end }) => tensor.subarray(start, end));
  return [...kept, ...delimited(tensorField.rawData, [data])];
}

/** A field of known length: tag, length, content. */
function delimited(field: number, content: readonly Uint8Array[]): Uint8Array[] {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [writeVarint(field * 8 + 2), writeVarint(length), ...content];
}
