import { readFile } from 'node:fs/promises';
import { DatasetError, parseRecord, type ResultRecord } from '@retinabench/core';

/** Larger than any record: one of 16,097 images is under 50 MB. */
const maxBytes = 512 * 1024 * 1024;

/**
 * Read and validate a result record.
 *
 * @throws {DatasetError} if the file cannot be read or is not a record.
 */
export async function readRecord(file: string): Promise<ResultRecord> {
  return parseRecord(await readTextFile(file, 'a result record'), file);
}

/**
 * Read a text file that the user named.
 *
 * @param what it should be, for the message.
 * @throws {DatasetError} if it cannot be read or is absurdly large.
 */
export async function readTextFile(file: string, what: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new DatasetError(`${file}: expected ${what}, cannot read it (${(cause as Error).message})`, { cause });
  }
  if (bytes.length > maxBytes) throw new DatasetError(`${file}: expected ${what}, got ${bytes.length} bytes`);
  return bytes.toString('utf8');
}
