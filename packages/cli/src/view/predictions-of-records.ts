import { existsSync } from 'node:fs';
import { ProtocolError } from '@retinabench/core';
import type { SourcedRecord } from '@retinabench/report';
import { commandFlags } from './command-flags.js';

/** Where the predictions of a record lie. */
export interface PredictionPlace {
  readonly location: string;
  /** Whether the record's own command names it, and no flag. */
  readonly assumed: boolean;
}

/**
 * Where the predictions of each record lie: as `--pred` says, in order or by the key of the record (`R2=DIR`), else as the
 * `--pred` of the command that made the record.
 *
 * @throws {ProtocolError} if a key is none, a record is named twice or there are more flags than records, or nothing says
 * where those of a record lie.
 */
export function predictionsOfRecords(
  records: readonly SourcedRecord[],
  flags: readonly string[],
): readonly PredictionPlace[] {
  const given = new Map<number, string>();
  const put = (index: number, location: string, flag: string): void => {
    if (index >= records.length) {
      throw new ProtocolError(
        `--pred ${flag}: expected predictions of one of ${records.length} records, R1 to R${records.length}; leave it out`,
      );
    }
    const other = given.get(index);
    if (other !== undefined) {
      throw new ProtocolError(`--pred ${flag}: record R${index + 1} has predictions already, ${other}; keep one`);
    }
    given.set(index, location);
  };
  let next = 0;
  for (const flag of flags) {
    const [, key, location = ''] = /^R(\d+)=(.+)$/s.exec(flag) ?? [];
    if (key !== undefined) put(Number(key) - 1 < 0 ? records.length : Number(key) - 1, location, flag);
    else put(next++, flag, flag);
  }
  return records.map(({ file, record }, index) => {
    const location = given.get(index);
    if (location !== undefined) return { location, assumed: false };
    const own = commandFlags(record.command).get('pred');
    if (own !== undefined && existsSync(own)) return { location: own, assumed: true };
    throw new ProtocolError(
      `${file}: a record holds no boxes: say where its predictions lie with --pred R${index + 1}=PATH${own === undefined ? ' (the folder that wider or eval printed as its run, or the predictions that were scored)' : `; it was made of ${own}, which is not there`}`,
    );
  });
}
