import { deflateRawSync } from 'node:zlib';
import { DatasetError } from '@retinabench/core/basics';
import { crc32 } from './crc32.js';

/** A regular file that its owner may write, all may read, as Unix has it in the upper half. */
const fileAttributes = (0o100644 << 16) >>> 0;

/** Made on Unix, by version 6.3 of the specification; read with 2.0, and with 4.5 where ZIP64 is needed. */
const madeBy = (3 << 8) | 63;
const readBy = 20;
const readBy64 = 45;

const nameIsUtf8 = 1 << 11;
const deflated = 8;

/** 1 January 1980, 0:00: the first moment that a ZIP can name, so that an archive depends on its content alone. */
const entryTime = 0;
const entryDate = (1 << 5) | 1;

/** From these on a number stands in the fields of ZIP64. */
const most16 = 0xffff;
const most32 = 0xffffffff;

/** Bytes of the directory that are gathered at a time: a small buffer an entry would take three times as many. */
const directoryBytesAtOnce = 1 << 16;

/** A file of an archive. */
export type ZipEntry = readonly [name: string, bytes: Uint8Array];

/**
 * A ZIP in parts, an entry at a time: compressed by deflate, in the order given, the same bytes for the same entries. ZIP64 where
 * there are 65,535 entries or more, or more than 4 GiB.
 *
 * @param entries each below 2 GiB; a name is a relative path of plain steps joined by `/`.
 * @throws {DatasetError} if a name is not, and what `entries` throws.
 * Cost: memory of one entry, and 46 bytes and its name for each.
 * Source: PKWARE's APPNOTE.TXT, 6.3.
 */
export function* zipParts(entries: Iterable<ZipEntry>): Generator<Uint8Array> {
  const directory: Buffer[] = [];
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let count = 0;
  let offset = 0;
  for (const [name, bytes] of entries) {
    const content = deflateRawSync(bytes);
    const sizes = sizesOf(bytes, content);
    const utf8Name = nameOf(name);
    const local = localHeader(utf8Name, sizes);
    gathered.push(directoryEntry(utf8Name, sizes, offset));
    gatheredBytes += gathered[gathered.length - 1].length;
    if (gatheredBytes > directoryBytesAtOnce) {
      directory.push(Buffer.concat(gathered));
      [gathered, gatheredBytes] = [[], 0];
    }
    count++;
    offset += local.length + content.length;
    yield local;
    yield content;
  }
  directory.push(Buffer.concat(gathered));
  yield* directory;
  const directoryBytes = directory.reduce((sum, { length }) => sum + length, 0);
  yield directoryEnd(count, offset, directoryBytes);
}

function nameOf(name: string): Buffer {
  const isPlain = !/^([a-z]:|\/)|\\|\0/i.test(name) && name.split('/').every((step) => !/^\.{0,2}$/.test(step));
  const utf8 = Buffer.from(name);
  if (isPlain && utf8.length <= most16) return utf8;
  throw new DatasetError(
    `${JSON.stringify(name.slice(0, 80))}: expected a relative path of plain steps for a file of a ZIP; rename the file`,
  );
}

/** CRC-32, compressed and original size: as they stand in both headers. */
function sizesOf(bytes: Uint8Array, content: Uint8Array): Buffer {
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(bytes), 0);
  sizes.writeUInt32LE(content.length, 4);
  sizes.writeUInt32LE(bytes.length, 8);
  return sizes;
}

function localHeader(name: Buffer, sizes: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(readBy, 4);
  header.writeUInt16LE(nameIsUtf8, 6);
  header.writeUInt16LE(deflated, 8);
  header.writeUInt16LE(entryTime, 10);
  header.writeUInt16LE(entryDate, 12);
  sizes.copy(header, 14);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function directoryEntry(name: Buffer, sizes: Buffer, offset: number): Buffer {
  const is64 = offset >= most32;
  const extra = Buffer.alloc(is64 ? 28 : 0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(madeBy, 4);
  header.writeUInt16LE(is64 ? readBy64 : readBy, 6);
  header.writeUInt16LE(nameIsUtf8, 8);
  header.writeUInt16LE(deflated, 10);
  header.writeUInt16LE(entryTime, 12);
  header.writeUInt16LE(entryDate, 14);
  sizes.copy(header, 16);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(fileAttributes, 38);
  header.writeUInt32LE(Math.min(offset, most32), 42);
  if (is64) {
    header.writeUInt32LE(most32, 20);
    header.writeUInt32LE(most32, 24);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    extra.writeBigUInt64LE(BigInt(sizes.readUInt32LE(8)), 4);
    extra.writeBigUInt64LE(BigInt(sizes.readUInt32LE(4)), 12);
    extra.writeBigUInt64LE(BigInt(offset), 20);
  }
  return Buffer.concat([header, name, extra]);
}

function directoryEnd(count: number, offset: number, bytes: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, most16), 8);
  end.writeUInt16LE(Math.min(count, most16), 10);
  end.writeUInt32LE(Math.min(bytes, most32), 12);
  end.writeUInt32LE(Math.min(offset, most32), 16);
  return count < most16 && bytes < most32 && offset < most32
    ? end
    : Buffer.concat([directoryEnd64(count, offset, bytes), end]);
}

/** The record of ZIP64 and its locator. */
function directoryEnd64(count: number, offset: number, bytes: number): Buffer {
  const end = Buffer.alloc(76);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(madeBy, 12);
  end.writeUInt16LE(readBy64, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(offset + bytes), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
