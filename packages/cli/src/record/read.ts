import { stat } from 'node:fs/promises';
import { type JsonVisitor, openSource, readJsonElements } from '@retinabench/annotations/visit';
import { acceptRecord, parseRecord, type ResultRecord } from '@retinabench/results';
import { printNote } from '../terminal/output.js';
import { readTextFile } from '../terminal/read-text-file.js';
import { textSha256 } from './text-sha256.js';

const recordAdvice = 'check the path: the command that made it printed it as "record: FILE"';

/** Files above this are read in parts: their text may be longer than a string. */
const mostBytesAtOnce = 128 * 1024 * 1024;

/**
 * Read and validate a result record, of any size.
 *
 * Says on standard error if nothing vouches for its content.
 *
 * @throws {DatasetError} if the file cannot be read or is not a record.
 */
export async function readRecord(file: string): Promise<ResultRecord> {
  const stats = await stat(file).catch(() => undefined);
  const record =
    stats?.isFile() === true && stats.size > mostBytesAtOnce
      ? acceptRecord(readInParts(file), file, textSha256)
      : parseRecord(await readTextFile(file, 'a result record', recordAdvice), file, textSha256);
  if (record.contentSha256 === undefined) {
    printNote(`${file}: carries no digest of its content, as records of older versions: it is believed as it stands`);
  }
  return record;
}

/**
 * What a file holds as JSON, of any size, whether it is a record or not.
 *
 * @throws {DatasetError} as readInParts; {SyntaxError} if a file of at most 128 MiB is not JSON.
 */
export async function readUncheckedRecord(file: string): Promise<unknown> {
  const { size } = await stat(file);
  if (size > mostBytesAtOnce) return readInParts(file);
  return JSON.parse(await readTextFile(file, 'a result record', recordAdvice)) as unknown;
}

/**
 * The value of a JSON file of any size: its lists are read in parts, those of objects in it, too; a record's longest are `images`
 * and the columns of `detection.images`.
 *
 * @throws {DatasetError} if it is not JSON, with the line; or an element of a list has more than 256 MiB.
 */
export function readInParts(file: string): unknown {
  const members = new Members();
  const source = openSource(file);
  try {
    const kind = readJsonElements(source, members);
    return kind === 'array' ? members.list('') : members.toObject();
  } finally {
    source.close();
  }
}

/** The members of an object, whose lists come in parts. */
class Members implements JsonVisitor {
  readonly #values = new Map<string, unknown>();

  elements(key = '', values: readonly unknown[], first: number): void {
    if (first === 0) this.#values.set(key, []);
    const list = this.list(key);
    for (const value of values) list.push(value);
  }

  member(key: string, value: unknown): void {
    this.#values.set(key, value);
  }

  object(key: string): JsonVisitor {
    const members = new Members();
    this.#values.set(key, members);
    return members;
  }

  list(key: string): unknown[] {
    return this.#values.get(key) as unknown[];
  }

  toObject(): unknown {
    const entries = [...this.#values].map(([key, value]) => [key, value instanceof Members ? value.toObject() : value]);
    return Object.fromEntries(entries);
  }
}
