import { createHash } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { DatasetError, EnvironmentError } from '@retinabench/core/basics';
import { visitLines } from './log-lines.js';
import { type SnapshotSource, writeSnapshot } from './log-snapshot.js';
import { type LogExtent, restoreSnapshot } from './restore-snapshot.js';
import { breakSeal, sealLine } from './sealed-line.js';
import { writeAdvice } from './write-advice.js';

/** Bytes of a log that its snapshot may lack: they are parsed in a moment. */
const tailBytes = 1 << 20;

/**
 * A file with one JSON value per line, to which finished work is appended: a run that is killed at any moment resumes
 * where it stopped. Opening the log removes a last line that the kill left incomplete.
 */
export class AppendLog<Entry> {
  #descriptor: number;
  readonly #extent: LogExtent;
  readonly #owner: string | undefined;
  readonly #snapshot: SnapshotSource | undefined;
  /** Bytes of the log that its snapshot holds already. */
  #snapshotBytes: number;

  private constructor(
    readonly file: string,
    /** What the log held when it was opened. */
    readonly entries: readonly Entry[],
    descriptor: number,
    extent: LogExtent,
    owner: string | undefined,
    snapshot: SnapshotSource | undefined,
    snapshotBytes: number,
  ) {
    this.#descriptor = descriptor;
    this.#extent = extent;
    this.#owner = owner;
    this.#snapshot = snapshot;
    this.#snapshotBytes = snapshotBytes;
  }

  /** Lines that the log holds. */
  get lines(): number {
    return this.#extent.lines;
  }

  /**
   * Open a log, creating it if needed.
   *
   * @param parse converts a parsed line to an entry; throws a typed error if the value is not one.
   * @param owner whose work the log holds; each line is sealed with it (sealLine). Absent: no seals.
   * @param visit takes the entries one by one; `entries` is empty then. Absent: they are kept.
   * @param snapshot what `visit` holds of the entries, restored without parsing while the SHA-256 of the lines that it was made
   * of is that of the log: those after them alone are parsed then, and a log of which anything else was changed as a whole. It is
   * written when the log is closed.
   * @throws {DatasetError} naming file and line if a line other than the last does not parse, or its seal is not that of
   * its content and `owner`.
   * @throws {EnvironmentError} if the file cannot be opened for writing.
   */
  static open<Entry>(
    file: string,
    parse: (value: unknown, place: string) => Entry,
    owner?: string,
    visit?: (entry: Entry) => void,
    snapshot?: SnapshotSource,
  ): AppendLog<Entry> {
    const entries: Entry[] = [];
    const restored = snapshot === undefined ? undefined : restoreSnapshot(file, snapshot);
    const snapshotBytes = restored?.bytes ?? 0;
    const extent = restored ?? { bytes: 0, lines: 0, hash: snapshot === undefined ? undefined : createHash('sha256') };
    visitFrom(file, extent, parse, owner, visit ?? ((entry) => entries.push(entry)));
    try {
      const descriptor = openSync(file, existsSync(file) ? 'r+' : 'w');
      ftruncateSync(descriptor, extent.bytes);
      return new AppendLog(file, entries, descriptor, extent, owner, snapshot, snapshotBytes);
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
    const extent = this.#extent;
    try {
      for (let at = 0; at < line.length; ) {
        at += writeSync(this.#descriptor, line, at, line.length - at, extent.bytes + at);
      }
    } catch (cause) {
      throw new EnvironmentError(
        `${this.file}: cannot append (${(cause as Error).message}); make room and run the same command again, it goes on where it stopped`,
        { cause },
      );
    }
    extent.bytes += line.length;
    extent.lines++;
    extent.hash?.update(line);
  }

  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
    this.#keepSnapshot();
  }

  /** The snapshot saves time alone: where it cannot be written, the log is read as a whole the next time. */
  #keepSnapshot(): void {
    const { bytes, lines, hash } = this.#extent;
    if (this.#snapshot === undefined || hash === undefined || bytes - this.#snapshotBytes < tailBytes) return;
    const { file, form } = this.#snapshot;
    try {
      const parts = this.#snapshot.parts(lines);
      if (parts === undefined) return;
      writeSnapshot(file, form, { bytes, lines, sha256: hash.copy().digest('hex') }, parts);
      this.#snapshotBytes = bytes;
    } catch {
      // A full disk, say.
    }
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
  const extent: LogExtent = { bytes: 0, lines: 0, hash: undefined };
  visitFrom(file, extent, parse, owner, visit);
  return extent.bytes;
}

/** Take the entries of a log that lie behind an extent, which grows with each. */
function visitFrom<Entry>(
  file: string,
  extent: LogExtent,
  parse: (value: unknown, place: string) => Entry,
  owner: string | undefined,
  visit: (entry: Entry) => void,
): void {
  if (!existsSync(file)) return;
  const { hash } = extent;
  const takeLine = (text: string, bytes: number): void => {
    const place = `${file}:${++extent.lines}`;
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
    extent.bytes += bytes + 1;
  };
  visitLines(file, takeLine, extent.bytes, hash === undefined ? undefined : (lines) => hash.update(lines));
}
