import { parseRecord, type ResultRecord } from '@retinabench/results';
import { printNote } from '../terminal/output.js';
import { readTextFile } from '../terminal/read-text-file.js';
import { sha256 } from './sha256.js';

const recordAdvice = 'check the path: the command that made it printed it as "record: FILE"';

/**
 * Read and validate a result record.
 *
 * Says on standard error if nothing vouches for its content.
 *
 * @throws {DatasetError} if the file cannot be read or is not a record.
 */
export async function readRecord(file: string): Promise<ResultRecord> {
  const record = parseRecord(await readTextFile(file, 'a result record', recordAdvice), file, sha256);
  if (record.contentSha256 === undefined) {
    printNote(`${file}: carries no digest of its content, as records of older versions: it is believed as it stands`);
  }
  return record;
}
