import { ModelError } from '../errors.js';
import { decodeFloat16 } from '../float16.js';
import { shortenText } from '../json/describe.js';
import { readJson } from '../json/read-json.js';
import type { JsonSchema } from '../json/schema.js';
import { decodeText } from '../text/decode-text.js';
import { bytesOf, type StoredTensor, type TensorFile, type TensorFormat } from './tensor.js';

/** Longest header that is parsed. */
const headerLimitBytes = 1_000_000;

const headerSchema: JsonSchema = {
  type: 'object',
  properties: { __metadata__: { type: 'object', additionalProperties: { type: 'string' } } },
  additionalProperties: {
    type: 'object',
    properties: {
      dtype: { type: 'string', enum: Object.keys(bytesOf) },
      shape: { type: 'array', items: { type: 'integer', minimum: 0 }, maxItems: 8 },
      data_offsets: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
    },
    required: ['dtype', 'shape', 'data_offsets'],
    additionalProperties: false,
  },
};

interface Entry {
  readonly dtype: TensorFormat;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Entries by name; what others say of the file lies among them. */
interface Header extends Readonly<Record<string, Entry | Readonly<Record<string, string>> | undefined>> {
  readonly __metadata__?: Readonly<Record<string, string>>;
}

/**
 * Read a safetensors file. The header is held against the number of bytes that are there before anything is allocated:
 * tensors must cover the data in order, without gaps or overlap.
 *
 * @param bytes the whole file.
 * @param place its name, for messages.
 * @returns copies of the tensors; nothing refers to `bytes`.
 * @throws {ModelError} if the header is no JSON of the right form, or a tensor's shape, format and offsets disagree with
 * each other or with the length of the file.
 * Cost: O(bytes).
 */
export function readSafetensors(bytes: Uint8Array, place: string): TensorFile {
  const headerLength = readHeaderLength(bytes, place);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), place);
  const { __metadata__: metadata = {}, ...rest } = header;
  const data = bytes.subarray(8 + headerLength);
  const entries = (Object.entries(rest) as [string, Entry][]).sort(
    (a, b) => a[1].data_offsets[0] - b[1].data_offsets[0] || a[1].data_offsets[1] - b[1].data_offsets[1],
  );
  const tensors = new Map<string, StoredTensor>();
  let covered = 0;
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [start, end] = data_offsets;
    const length = shape.reduce((product, size) => product * size, 1) * bytesOf[dtype];
    if (start !== covered || end - start !== length || end > data.length) {
      throw new ModelError(
        `${place}: expected ${shortenText(name)} (${dtype}, [${shape.join(', ')}]) at bytes ${covered} to ${covered + length} of ${data.length}, got ${start} to ${end}; the file is cut short or damaged, fetch it again`,
      );
    }
    covered = end;
    tensors.set(name, { format: dtype, shape, data: typedCopy(data, start, end, dtype) });
  }
  if (covered !== data.length) {
    throw new ModelError(
      `${place}: expected ${covered} bytes of tensors, got ${data.length}; the file is damaged, fetch it again`,
    );
  }
  return { tensors, metadata };
}

function readHeaderLength(bytes: Uint8Array, place: string): number {
  const declared = bytes.length >= 8 ? new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true) : -1n;
  if (declared < 2n || declared > BigInt(Math.min(headerLimitBytes, bytes.length - 8))) {
    throw new ModelError(
      `${place}: expected a safetensors file whose header has 2 to ${Math.max(2, Math.min(headerLimitBytes, bytes.length - 8))} bytes, got ${declared < 0n ? `a file of ${bytes.length} bytes` : declared}; check that it is the right file`,
    );
  }
  return Number(declared);
}

function parseHeader(bytes: Uint8Array, place: string): Header {
  return readJson<Header>(decodeText(bytes, place, ModelError), place, {
    schema: headerSchema,
    what: 'a safetensors header',
    next: 'check that it is the right file',
    ErrorClass: ModelError,
  });
}

function typedCopy(data: Uint8Array, start: number, end: number, format: TensorFormat): StoredTensor['data'] {
  const { buffer } = new Uint8Array(data.subarray(start, end));
  switch (format) {
    case 'F64':
      return new Float64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return decodeFloat16(new Uint16Array(buffer));
    case 'U32':
      return new Uint32Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
  }
}
