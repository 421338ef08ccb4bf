import { stat } from 'node:fs/promises';
import { openSource, readJsonElements } from '@retinabench/annotations/visit';
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
 * The value of a JSON file of any size: its outermost lists are read in parts, of which a record's longest is `images`.
 *
 * @throws {DatasetError} if it is not JSON, with the line; or a member other than a list has more than 256 MiB.
 */
export function readInParts(file: string): unknown {
  const members: [string, unknown][] = [];
  const lists = new Map<string, unknown[]>();
  const source = openSource(file);
  try {
    const kind = readJsonElements(source, {
      elements: (key = '', values, first) => {
        const list = first === 0 ? [] : (lists.get(key) ?? []);
        if (!lists.has(key)) members.push([key, list]);
        lists.set(key, list);
        for (const value of values) list.push(value);
      },
      member: (key, value) => members.push([key, value]),
    });
    return kind === 'array' ? (lists.get('') ?? []) : Object.fromEntries(members);
  } finally {
    source.close();
  }
}
