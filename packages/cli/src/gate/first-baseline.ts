import { lstat, stat } from 'node:fs/promises';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { parseHistory } from '@retinabench/report';
import type { ResultRecord } from '@retinabench/results';
import { readHistory } from '../baseline/history-file.js';

/**
 * Whether anything lies at the place of a baseline. What cannot be looked at, and a link whose target was not fetched, is not taken
 * for a baseline that was never accepted.
 *
 * @throws {DatasetError} if it is a link to nothing.
 * @throws {EnvironmentError} if it cannot be told.
 */
export async function hasBaseline(file: string): Promise<boolean> {
  try {
    await lstat(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new EnvironmentError(
      `${file}: cannot tell whether there is a baseline (${(cause as Error).message}); correct the path or its permissions`,
      { cause },
    );
  }
  await stat(file).catch((cause: Error) => {
    throw new DatasetError(
      `${file}: expected the accepted record, got a link whose target is not there (${cause.message}); fetch it (git annex get, dvc pull)`,
      { cause },
    );
  });
  return true;
}

/**
 * Refuse to call a record the first where the history names an accepted one of the same kind, model, backend, data set and protocol:
 * its baseline was lost, deleted or renamed.
 *
 * @param place the history's file; it need not exist.
 * @param out   the baseline that is not there.
 * @throws {DatasetError} naming the line, or if the history was edited.
 */
export async function refuseAcceptedBefore(
  { kind, model, backend, dataset, protocol }: ResultRecord,
  place: string,
  out: string,
): Promise<void> {
  const entries = parseHistory(await readHistory(place), place);
  const line = entries.findLastIndex(
    (entry) =>
      entry.kind === kind &&
      entry.model === model?.id &&
      entry.backend === backend?.id &&
      entry.dataset === dataset?.name &&
      entry.protocolId === protocol.id,
  );
  if (line < 0) return;
  throw new DatasetError(
    `${out}: expected the record that was accepted on ${entries[line].acceptedAt.slice(0, 10)} (${place}:${line + 1}), got no such file: this would not be the first; restore it from version control, or accept another with retinabench baseline`,
  );
}
