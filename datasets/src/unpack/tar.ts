import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DatasetError } from '@retinabench/core';
import { Parser, type ReadEntry } from 'tar';
import { type EntryClaim, type UnpackOptions, UnpackSink } from './sink.js';

/** Room for headers and padding beside the content: a few blocks an entry, and the end of the archive. */
const overheadBytesPerEntry = 4096;
const overheadBytes = 1_048_576;

/**
 * Unpack a gzipped tar archive below `root`.
 *
 * @throws {DatasetError} if it is not one, is damaged, unsafe (entry-path.ts) or larger than its limits, the inflated
 * stream included; what was written until then is left to the caller.
 * Cost: streamed.
 */
export async function unpackTarGz(archive: string, root: string, options: UnpackOptions): Promise<void> {
  const sink = new UnpackSink(archive, root, options);
  const breakOff = new AbortController();
  const writing: Promise<void>[] = [];
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    breakOff.abort();
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      writing.push(
        take(entry, sink, breakOff.signal).catch((error: unknown) => {
          fail(error);
          entry.resume();
        }),
      );
    },
  });
  parser.on('error', fail);
  const { signal } = breakOff;
  const feed = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) if (!parser.write(chunk)) await once(parser, 'drain', { signal });
    const ended = once(parser, 'end', { signal });
    parser.end();
    await ended;
  };
  const { bytes, entries } = options.limits;
  const most = bytes + entries * overheadBytesPerEntry + overheadBytes;
  const cap = capBytes(most, () =>
    fail(new DatasetError(`${archive}: inflates to more than ${most} bytes; get the archive from its publisher`)),
  );
  try {
    await pipeline(createReadStream(archive), createGunzip(), cap, feed, { signal });
  } catch (error) {
    fail(error);
  }
  await Promise.all(writing);
  if (failure === undefined) return;
  if (failure instanceof DatasetError || (failure as NodeJS.ErrnoException).code === 'ENOSPC') throw failure;
  const reason = (failure as Error).message;
  throw new DatasetError(`${archive}: not a readable gzipped tar archive (${reason}); pull it again`, {
    cause: failure,
  });
}

/** Write an entry or pass over it; `signal` ends it, since an entry of a broken-off archive never ends by itself. */
async function take(entry: ReadEntry, sink: UnpackSink, signal: AbortSignal): Promise<void> {
  const target = sink.admit({ name: entry.path, kind: kindOf(entry), sizeBytes: entry.size });
  if (target === undefined) entry.resume();
  else await sink.write(target, async () => Readable.from(entry as AsyncIterable<Buffer>, { signal }));
}

function kindOf({ type }: ReadEntry): EntryClaim['kind'] {
  if (type === 'Directory' || type === 'GNUDumpDir') return 'folder';
  return type === 'File' || type === 'OldFile' || type === 'ContiguousFile' ? 'file' : 'other';
}

/** Pass a stream through; end it and call `tooLong` if it is longer than `most` bytes. */
function capBytes(most: number, tooLong: () => void) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let seen = 0;
    for await (const chunk of chunks) {
      seen += chunk.length;
      if (seen > most) return tooLong();
      yield chunk;
    }
  };
}
