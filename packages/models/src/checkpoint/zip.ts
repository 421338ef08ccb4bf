import { ModelError, shortenText } from '@retinabench/core';
import { ByteReader } from '../pickle/byte-reader.js';
import type { CheckpointParts } from './legacy.js';
import { readTensorPickle } from './torch-dialect.js';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const headerSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 65_535;

/** Whether `bytes` open as a ZIP archive does. */
export function isZipCheckpoint(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/**
 * Take a file in PyTorch's ZIP format (1.6 and later) apart: `<name>/data.pkl` holds the object, `<name>/data/<key>`
 * one storage each, all uncompressed.
 *
 * @throws {ModelError} if the archive is malformed, truncated, compressed, larger than 4 GiB or holds no `data.pkl`.
 * Source: PKWARE APPNOTE 4.3 (the archive); torch/serialization.py, `_save` (what lies in it).
 */
export function readZip(bytes: Uint8Array, place: string): CheckpointParts {
  const entries = readEntries(bytes, place);
  const program = [...entries.keys()].find((name) => name.endsWith('/data.pkl'));
  if (program === undefined) {
    throw new ModelError(`${place}: a ZIP archive without data.pkl is no checkpoint; pass what torch.save wrote`);
  }
  const folder = program.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order) !== 'little') {
    throw new ModelError(`${place}: written on a big-endian machine, which is not supported; save it again elsewhere`);
  }
  const root = readTensorPickle(
    new ByteReader(entries.get(program) as Uint8Array, `${place}: ${shortenText(program)}`),
  );
  const storages = new Map<string, Uint8Array>();
  for (const [name, data] of entries) {
    if (name.startsWith(`${folder}data/`)) storages.set(name.slice(`${folder}data/`.length), data);
  }
  return { root, storages };
}

/** The members of the archive by name, not copied. */
function readEntries(bytes: Uint8Array, place: string): Map<string, Uint8Array> {
  const end = new ByteReader(bytes, place, findEnd(bytes, place) + 10);
  const count = end.uint16();
  const directoryBytes = end.uint32();
  const directory = new ByteReader(bytes, place, end.uint32());
  const directoryEnd = directory.position + directoryBytes;
  const entries = new Map<string, Uint8Array>();
  for (let index = 0; index < count && directory.position < directoryEnd; index++) {
    const at = directory.position;
    if (directory.uint32() !== entrySignature)
      throw new ModelError(`${place}: byte ${at}: expected an entry of the ZIP directory`);
    directory.take(6);
    const method = directory.uint16();
    directory.take(8);
    const packedBytes = directory.uint32();
    const unpackedBytes = directory.uint32();
    const [nameBytes, extraBytes, commentBytes] = [directory.uint16(), directory.uint16(), directory.uint16()];
    directory.take(8);
    const headerAt = directory.uint32();
    const name = directory.text(nameBytes);
    directory.take(extraBytes + commentBytes);
    const shown = shortenText(name);
    if (method !== 0 || packedBytes !== unpackedBytes) {
      throw new ModelError(`${place}: ${shown} is compressed, which torch.save never does; unpack and store it again`);
    }
    entries.set(name, readMember(bytes, `${place}: ${shown}`, headerAt, packedBytes));
  }
  return entries;
}

function readMember(bytes: Uint8Array, place: string, headerAt: number, length: number): Uint8Array {
  const header = new ByteReader(bytes, place, headerAt);
  if (headerAt > bytes.length || header.uint32() !== headerSignature) {
    throw new ModelError(`${place}: byte ${headerAt}: expected the header of a ZIP member; the file is damaged`);
  }
  header.take(22);
  const [nameBytes, extraBytes] = [header.uint16(), header.uint16()];
  header.take(nameBytes + extraBytes);
  return header.take(length);
}

function findEnd(bytes: Uint8Array, place: string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lowest = Math.max(0, bytes.length - endBytes - longestComment);
  for (let at = bytes.length - endBytes; at >= lowest; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  throw new ModelError(
    `${place}: the directory at the end of the ZIP archive is missing; the file is truncated, fetch it again`,
  );
}
