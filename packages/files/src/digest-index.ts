import { checkJson, DatasetError, type JsonContract, objectSchema } from '@retinabench/core';
import { AppendLog, readEntries } from './append-log.js';
import { replaceFile } from './replace-file.js';
import type { StampedFile } from './stamped-file.js';

/** The hash of a file by the name that its user gives it. */
interface Entry {
  readonly name: string;
  readonly sha256: string;
  /** Absent: the hash has to be computed again. */
  readonly stamp?: string;
}

const contract: JsonContract = {
  schema: objectSchema(
    {
      name: { type: 'string', minLength: 1 },
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      stamp: { type: 'string', pattern: '^\\d+ -?\\d+ -?\\d+ \\d+$' },
    },
    ['name', 'sha256'],
  ),
  what: 'the hash of a file',
  next: 'run again with --fresh',
  ErrorClass: DatasetError,
};

/**
 * Hashes of files that are not read again while their stamp is the same, as the index of git has them. Kept as a log, so
 * that a kill at any moment costs the hash of one file.
 */
export class DigestIndex {
  readonly #entries: Map<string, Entry>;
  readonly #log: AppendLog<Entry>;

  private constructor(log: AppendLog<Entry>, entries: Map<string, Entry>) {
    this.#log = log;
    this.#entries = entries;
  }

  /**
   * Open an index, creating it if needed.
   *
   * @throws {DatasetError} naming file and line if a line other than a torn last one is no entry of an index.
   * @throws {EnvironmentError} if the file cannot be written.
   */
  static open(file: string): DigestIndex {
    const { entries, intactBytes } = readEntries(file, parseEntry);
    const latest = latestOf(entries);
    // Most of it is outdated where inodes change with every mount, say.
    if (intactBytes > 0 && entries.length > 2 * latest.size) {
      replaceFile(file, [...latest.values()].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    }
    return new DigestIndex(AppendLog.open(file, parseEntry), latest);
  }

  /** The hash of a file whose stamp is still that under which it was hashed; else undefined. */
  trusted(name: string, stamp: string | undefined): string | undefined {
    const entry = this.#entries.get(name);
    return stamp !== undefined && entry?.stamp === stamp ? entry.sha256 : undefined;
  }

  /** Keep the hash of a file that was read. @throws {EnvironmentError} if the disk is full or gone. */
  keep(name: string, { sha256, stamp }: Pick<StampedFile, 'sha256' | 'stamp'>): void {
    const entry: Entry = { name, sha256, ...(stamp === undefined ? {} : { stamp }) };
    const held = this.#entries.get(name);
    if (held?.sha256 === sha256 && held.stamp === stamp) return;
    this.#log.append(entry);
    this.#entries.set(name, entry);
  }

  close(): void {
    this.#log.close();
  }
}

/**
 * Read an index from disk without opening it for writing.
 *
 * @returns of each file the hash and the stamp under which it is trusted; empty if there is no index.
 * @throws {DatasetError} as `DigestIndex.open`.
 */
export function readDigests(file: string): ReadonlyMap<string, Pick<StampedFile, 'sha256' | 'stamp'>> {
  return latestOf(readEntries(file, parseEntry).entries);
}

function latestOf(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function parseEntry(value: unknown, place: string): Entry {
  return checkJson(value, place, contract);
}
