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
  readonly #entries: Map<string, string>;
  readonly #log: AppendLog<Entry>;

  private constructor(log: AppendLog<Entry>, entries: Map<string, string>) {
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
    const entries = new Map<string, string>();
    let lines = 0;
    const log = AppendLog.open(file, parseEntry, undefined, (entry) => {
      entries.set(entry.name, pack(entry));
      lines++;
    });
    // Most of it is outdated where inodes change with every mount, say.
    if (lines <= 2 * entries.size) return new DigestIndex(log, entries);
    log.close();
    replaceFile(file, [...entries].map(([name, held]) => `${JSON.stringify({ name, ...unpack(held) })}\n`).join(''));
    return new DigestIndex(
      AppendLog.open(file, parseEntry, undefined, () => undefined),
      entries,
    );
  }

  /** The hash of a file whose stamp is still that under which it was hashed; else undefined. */
  trusted(name: string, stamp: string | undefined): string | undefined {
    const held = this.#entries.get(name);
    if (held === undefined || stamp === undefined || held.length !== hashLength + stamp.length) return undefined;
    return held.endsWith(stamp) ? held.slice(0, hashLength) : undefined;
  }

  /** Keep the hash of a file that was read. @throws {EnvironmentError} if the disk is full or gone. */
  keep(name: string, { sha256, stamp }: Pick<StampedFile, 'sha256' | 'stamp'>): void {
    const entry: Entry = { name, sha256, ...(stamp === undefined ? {} : { stamp }) };
    const packed = pack(entry);
    if (this.#entries.get(name) === packed) return;
    this.#log.append(entry);
    this.#entries.set(name, packed);
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
  return new Map(readEntries(file, parseEntry).entries.map((entry) => [entry.name, entry]));
}

/** Characters of a hash. */
const hashLength = 64;

/** Hash and stamp as one string, since there may be a million of them. */
function pack({ sha256, stamp = '' }: Entry): string {
  return Buffer.from(sha256 + stamp, 'latin1').toString('latin1');
}

function unpack(held: string): Pick<StampedFile, 'sha256' | 'stamp'> {
  const sha256 = held.slice(0, hashLength);
  return held.length === hashLength ? { sha256 } : { sha256, stamp: held.slice(hashLength) };
}

const sha256Pattern = /^[0-9a-f]{64}$/;
const stampPattern = /^\d+ -?\d+ -?\d+ \d+$/;

function parseEntry(value: unknown, place: string): Entry {
  return isEntry(value) ? value : checkJson(value, place, contract);
}

/** Whether a value has all that the contract asks for and nothing else, which is said in less than a tenth of the time. */
function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { name, sha256, stamp } = value as Partial<Entry>;
  return (
    typeof name === 'string' &&
    name !== '' &&
    typeof sha256 === 'string' &&
    sha256Pattern.test(sha256) &&
    typeof stamp === 'string' &&
    stampPattern.test(stamp) &&
    Object.keys(value).length === 3
  );
}
