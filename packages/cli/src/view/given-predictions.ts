import { ProtocolError } from '@retinabench/core';

/**
 * Where `--pred` says that predictions lie: in the order of the records, or by the key of one (`R2=DIR`).
 *
 * @param keys of the records that may have some, in their order.
 * @returns by place among the keys; records that no flag is for are absent.
 * @throws {ProtocolError} if a key is none of these, a record is named twice or there are more flags than records.
 */
export function givenPredictions(keys: readonly string[], flags: readonly string[]): ReadonlyMap<number, string> {
  const given = new Map<number, string>();
  let next = 0;
  for (const flag of flags) {
    const [, key, named] = /^(R\d+)=(.+)$/s.exec(flag) ?? [];
    const index = key === undefined ? next++ : keys.indexOf(key);
    if (keys[index] === undefined) {
      const known = keys.length === 0 ? '' : `, ${keys[0]} to ${keys[keys.length - 1]}`;
      throw new ProtocolError(
        `--pred ${flag}: expected predictions of one of ${keys.length} records${known}; leave it out`,
      );
    }
    const other = given.get(index);
    if (other !== undefined) {
      throw new ProtocolError(`--pred ${flag}: record ${keys[index]} has predictions already, ${other}; keep one`);
    }
    given.set(index, named ?? flag);
  }
  return given;
}
