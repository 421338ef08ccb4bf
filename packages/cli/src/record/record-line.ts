import { jsonParts } from '@retinabench/core/basics';
import type { ResultRecord } from '@retinabench/results';

/** A record as the one line of its file, in parts: a record of a million images is longer than a string. */
export function* recordLine(record: ResultRecord): Generator<string> {
  yield* jsonParts(record);
  yield '\n';
}
