import { closeSync, existsSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { DatasetError, EnvironmentError } from '@retinabench/core/basics';
import { breakSeal, sealLine } from './sealed-line.js';
import { writeAdvice } from './write-advice.js';

/**
 * A file with one JSON value per line, to which finished work is appended: a run that is killed at any moment resumes
 * where it stopped. Opening the log removes a last line that the kill left incomplete.
 */
export class AppendLog<Entry> {
  #descriptor: number;
  /** Where the next entry goes, in bytes. */
  #position: number;
  readonly #owner: string | undefined;

  private constructor(
    readonly file: string,
    /** What the log held when it was opened. */
    readonly entries: readonly Entry[],
    descriptor: number,
    position: number,
    owner: string | undefined,
  ) {
    this.#descriptor = descriptor;
    this.#position = position;
    this.#owner = owner;
  }

  /**
   * Open a log, creating it if needed.
   *
   * @param parse converts a parsed line to an entry; throws a typed error if the value is not one.
   * @param owner whose work the log holds; each line is sealed with it (sealLine). Absent: no seals.
   * @param visit takes the entries one by one; `entries` is empty then. Absent: they are kept.
   * @throws {DatasetError} naming file and line if a line other than the last does not parse, or its seal is not that of
   * its content and `owner`.
   * @throws {EnvironmentError} if the file cannot be opened for writing.
   */
  static open<Entry>(
    file: string,
    parse: (value: unknown, place: string) => Entry,
    owner?: string,
    visit?: (entry: Entry) => void,
  ): AppendLog<Entry> {
    const entries: Entry[] = [];
    const intactBytes = visitEntries(file, parse, owner, visit ?? ((entry) => entries.push(entry)));
    try {
      const descriptor = openSync(file, existsSync(file) ? 'r+' : 'w');
      ftruncateSync(descriptor, intactBytes);
      return new AppendLog(file, entries, descriptor, intactBytes, owner);
    } catch (cause) {
      throw new EnvironmentError(
        `${file}: cannot write (${(cause as Error).message}); ${writeAdvice(cause, 'choose a folder that you may write to')}`,
        { cause },
      );
    }
  }

  /**
   * Append one entry in a single write.
   *
   * @throws {EnvironmentError} if the disk is full or gone; what was appended before stays intact.
   */
  append(entry: Entry): void {
    const json = JSON.stringify(entry);
    const line = Buffer.from(`${this.#owner === undefined ? json : sealLine(json, this.#owner)}\n`);
    try {
      for (let at = 0; at < line.length; ) {
        at += writeSync(this.#descriptor, line, at, line.length - at, this.#position + at);
      }
    } catch (cause) {
      throw new EnvironmentError(
        `${this.file}: cannot append (${(cause as Error).message}); make room and run the same command again, it goes on where it stopped`,
        { cause },
      );
    }
    this.#position += line.length;
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

/**
 * The entries of a log and the length of the part of the file that holds them; a file that does not exist is empty.
 *
 * @param owner as `AppendLog.open` has it.
 * @throws {DatasetError} as `visitEntries`.
 */
export function readEntries<Entry>(
  file: string,
  parse: (value: unknown, place: string) => Entry,
  owner?: string,
): { entries: Entry[]; intactBytes: number } {
  const entries: Entry[] = [];
  const intactBytes = visitEntries(file, parse, owner, (entry) => entries.push(entry));
  return { entries, intactBytes };
}

/**
 * Take the entries of a log one by one. It may be of any size: it is read 8 MiB at a time, and none is kept.
 *
 * @param owner as `AppendLog.open` has it; undefined: no seals.
 * @returns the length in bytes of the part of the file that holds entries; 0 where there is no file.
 * @throws {DatasetError} naming file and line if a line other than a torn last one does not parse or its seal is wrong.
 */
export function visitEntries<Entry>(
  file: string,
  parse: (value: unknown, place: string) => Entry,
  owner: string | undefined,
  visit: (entry: Entry) => void,
): number {
  if (!existsSync(file)) return 0;
  let intactBytes = 0;
  let line = 0;
  visitLines(file, (text, bytes) => {
    const place = `${file}:${++line}`;
    const json = owner === undefined ? text : breakSeal(text, owner, place);
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (cause) {
      throw new DatasetError(
        `${place}: expected one JSON value, got a line that does not parse; run again with --fresh`,
        {
          cause,
        },
      );
    }
    visit(parse(value, place));
    intactBytes += bytes + 1;
  });
  return intactBytes;
}

/** Take the lines of a text file of any size one by one; a last line without its end is left out. None if there is no file. */
export function forEachLine(file: string, visit: (line: string) => void): void {
  if (!existsSync(file)) return;
  visitLines(file, visit);
}

const newline = 0x0a;

/** Bytes of a log that are held at a time, unless one line has more. */
const chunkBytes = 1 << 23;

/** Take the lines of a file of any size and their lengths in bytes, without their ends; a last line that has none is left out. */
function visitLines(file: string, visit: (line: string, bytes: number) => void): void {
  const descriptor = openSync(file, 'r');
  try {
    let buffer = Buffer.alloc(chunkBytes);
    let held = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, held, buffer.length - held, null);
      if (read === 0) return;
      const searchFrom = held;
      held += read;
      let start = 0;
      for (
        let end = buffer.indexOf(newline, searchFrom);
        end >= 0 && end < held;
        end = buffer.indexOf(newline, start)
      ) {
        visit(buffer.toString('utf8', start, end), end - start);
        start = end + 1;
      }
      buffer.copyWithin(0, start, held);
      held -= start;
      if (held === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
    }
  } finally {
    closeSync(descriptor);
  }
}
