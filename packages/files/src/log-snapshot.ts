import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { replaceFiles } from './replace-file.js';

/** The first part of a log, as far as a snapshot is made of it. */
export interface LogPart {
  readonly bytes: number;
  readonly lines: number;
  /** Of these bytes, 64 hex digits. */
  readonly sha256: string;
}

/** What is held in memory of a log, and may lie beside it as a snapshot: bytes instead of lines that are parsed. */
export interface SnapshotSource {
  /** Where the snapshot lies, in a folder that exists. */
  readonly file: string;
  /** What of it, of whose log and in which version; a snapshot of another form counts as none. */
  readonly form: string;
  /** Hold what the parts say; false, and hold nothing, if they are not such. */
  restore(parts: readonly Uint8Array[], lines: number): boolean;
  /** What is held, in parts; undefined if it is not that of so many lines. */
  parts(lines: number): readonly Uint8Array[] | undefined;
}

/** A snapshot whose parts are not read yet. */
export interface OpenSnapshot {
  readonly of: LogPart;
  /** The parts, if they are as they were written; each has a buffer of its own. */
  read(): Uint8Array[] | undefined;
}

interface Header {
  readonly form: string;
  readonly bytes: number;
  readonly lines: number;
  readonly logSha256: string;
  /** Length of each part. */
  readonly parts: readonly number[];
  /** Of all that stands before it here and of the parts. */
  readonly sha256: string;
}

/** Bytes of the number before the header: its length. */
const lengthBytes = 4;

/** Numbers lie in a snapshot as this machine holds them. */
const formHere = (form: string): string => `${form} ${os.endianness()}`;

/**
 * Write a snapshot, without waiting for the disk: one that a power cut damages counts as none.
 *
 * @throws the system's error; then the file is as it was.
 */
export function writeSnapshot(file: string, form: string, of: LogPart, parts: readonly Uint8Array[]): void {
  const header = {
    form: formHere(form),
    bytes: of.bytes,
    lines: of.lines,
    logSha256: of.sha256,
    parts: parts.map((part) => part.byteLength),
  };
  const hash = hashOf(header);
  for (const part of parts) hash.update(part);
  const json = Buffer.from(JSON.stringify({ ...header, sha256: hash.digest('hex') }));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(json.length);
  replaceFiles(path.dirname(file), [[path.basename(file), [length, json, ...parts]]]);
}

/** Look at a snapshot; undefined if there is none, or it is damaged, of another form or of another kind of machine. */
export function openSnapshot(file: string, form: string): OpenSnapshot | undefined {
  const header = readHeader(file);
  if (header?.form !== formHere(form)) return undefined;
  const { bytes, lines, logSha256 } = header;
  return { of: { bytes, lines, sha256: logSha256 }, read: () => readParts(file, header) };
}

function readHeader(file: string): Header | undefined {
  try {
    return withFile(file, (descriptor, size) => {
      const length = filled(descriptor, Buffer.alloc(lengthBytes), 0)?.readUInt32LE();
      if (length === undefined || lengthBytes + length > size) return undefined;
      const header = JSON.parse(String(filled(descriptor, Buffer.alloc(length), lengthBytes))) as Header;
      const ends = header.parts.reduce((sum, part) => sum + part, lengthBytes + length);
      const areCounts = [header.bytes, header.lines, ...header.parts].every(isCount);
      return areCounts && ends === size ? header : undefined;
    });
  } catch {
    // There is none, or it is damaged: the log is read in its place.
    return undefined;
  }
}

function readParts(file: string, { sha256, ...header }: Header): Uint8Array[] | undefined {
  try {
    return withFile(file, (descriptor, size) => {
      const hash = hashOf(header);
      let at = header.parts.reduce((before, part) => before - part, size);
      const parts: Uint8Array[] = [];
      for (const length of header.parts) {
        const part = filled(descriptor, Buffer.allocUnsafeSlow(length), at);
        if (part === undefined) return undefined;
        hash.update(part);
        parts.push(part);
        at += length;
      }
      return hash.digest('hex') === sha256 ? parts : undefined;
    });
  } catch {
    // As in readHeader.
    return undefined;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function hashOf(header: Omit<Header, 'sha256'>): Hash {
  return createHash('sha256').update(JSON.stringify(header));
}

function withFile<Result>(file: string, use: (descriptor: number, size: number) => Result): Result {
  const descriptor = openSync(file, 'r');
  try {
    return use(descriptor, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

/** Fill a buffer from a place of a file; undefined if the file ends before. */
function filled(descriptor: number, buffer: Buffer, from: number): Buffer | undefined {
  for (let at = 0; at < buffer.length; ) {
    const read = readSync(descriptor, buffer, at, buffer.length - at, from + at);
    if (read === 0) return undefined;
    at += read;
  }
  return buffer;
}
