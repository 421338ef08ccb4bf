import type { Readable } from 'node:stream';
import { DatasetError } from '@retinabench/core';
import yauzl from 'yauzl';
import { type UnpackOptions, UnpackSink } from './sink.js';

/** Upper half of a zip entry's external attributes, where Unix writes the file's mode. */
const fileTypeMask = 0o170000;
const regularFile = 0o100000;
const folder = 0o040000;

/**
 * Unpack a zip archive below `root`.
 *
 * @throws {DatasetError} if it is not one, is damaged, unsafe (entry-path.ts) or larger than its limits; what was
 * written until then is left to the caller.
 * Cost: one entry in memory at a time, streamed.
 */
export async function unpackZip(archive: string, root: string, options: UnpackOptions): Promise<void> {
  const sink = new UnpackSink(archive, root, options);
  try {
    const zip = await open(archive);
    try {
      for await (const entry of entriesOf(zip)) {
        const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
        const target = sink.admit({ name, kind: kindOf(entry, name), sizeBytes: entry.uncompressedSize });
        if (target !== undefined) await sink.write(target, () => read(zip, entry));
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    if (cause instanceof DatasetError || (cause as NodeJS.ErrnoException).code === 'ENOSPC') throw cause;
    throw new DatasetError(`${archive}: not a readable zip archive (${(cause as Error).message}); pull it again`, {
      cause,
    });
  }
}

function open(archive: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    // Names come as they are: entry-path.ts judges them, for every format alike.
    const settings = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
    yauzl.open(archive, settings, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

async function* entriesOf(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | undefined>((resolve, reject) => {
      zip.once('entry', resolve);
      zip.once('end', () => resolve(undefined));
      zip.once('error', reject);
      zip.readEntry();
    });
    zip.removeAllListeners();
    if (entry === undefined) return;
    yield entry;
  }
}

function kindOf(entry: yauzl.Entry, name: string): 'file' | 'folder' | 'other' {
  const type = (entry.externalFileAttributes >>> 16) & fileTypeMask;
  if (type !== 0 && type !== regularFile && type !== folder) return 'other';
  return name.endsWith('/') ? 'folder' : 'file';
}

function read(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
