import { checkJson, DatasetError, type JsonContract, objectSchema } from '@retinabench/core/basics';
import { AppendLog, readEntries } from './append-log.js';
import { type FileTimes, PackedDigests } from './packed-digests.js';
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
  readonly #entries: PackedDigests;
  readonly #log: AppendLog<Entry>;

  private constructor(log: AppendLog<Entry>, entries: PackedDigests) {
    this.#log = log;
    this.#entries = entries;
  }

  /**
   * Open an index, creating it if needed.
   *
   * @param snapshot where it lies in bytes, too, so that it need not be parsed; absent: nowhere.
   * @throws {DatasetError} naming file and line if a line other than a torn last one is no entry of an index.
   * @throws {EnvironmentError} if the file cannot be written.
   */
  static open(file: string, snapshot?: string): DigestIndex {
    const entries = new PackedDigests();
    const source =
      snapshot === undefined
        ? undefined
        : {
            file: snapshot,
            form: 'hashes of files 1',
            restore: (parts: readonly Buffer[]) => entries.restore(parts),
            parts: () => entries.parts(),
          };
    const openLog = (): AppendLog<Entry> =>
      AppendLog.open(
        file,
        parseEntry,
        undefined,
        ({ name, sha256, stamp }) => entries.set(name, sha256, stamp),
        source,
      );
    const log = openLog();
    // Most of it is outdated where inodes change with every mount, say.
    if (log.lines <= 2 * entries.size) return new DigestIndex(log, entries);
    log.close();
    replaceFile(file, linesOf(entries));
    return new DigestIndex(openLog(), entries);
  }

  /** The hash of a file whose stamp is still that under which it was hashed; else undefined. */
  trusted(name: string, stamp: string | undefined): string | undefined {
    return stamp === undefined ? undefined : this.#entries.sha256Of(name, stamp);
  }

  /** Whether a file of these times is one with this hash: `trusted` without making texts, to 0.25 µs. */
  isTrusted(name: string, sha256: string, times: FileTimes): boolean {
    return this.#entries.isHeld(name, sha256, times);
  }

  /** Keep the hash of a file that was read. @throws {EnvironmentError} if the disk is full or gone. */
  keep(name: string, { sha256, stamp }: Pick<StampedFile, 'sha256' | 'stamp'>): void {
    if (this.#entries.sha256Of(name, stamp) === sha256) return;
    this.#log.append({ name, sha256, ...(stamp === undefined ? {} : { stamp }) });
    this.#entries.set(name, sha256, stamp);
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

function* linesOf(entries: PackedDigests): Generator<string> {
  for (const [name, sha256, stamp] of entries) {
    yield `${JSON.stringify({ name, sha256, ...(stamp === undefined ? {} : { stamp }) })}\n`;
  }
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
