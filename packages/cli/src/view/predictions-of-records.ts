import { existsSync } from 'node:fs';
import { ProtocolError } from '@retinabench/core';
import type { SourcedRecord } from '@retinabench/report';
import { commandFlags } from './command-flags.js';
import { findRunFolders } from './find-run-folders.js';
import { givenPredictions } from './given-predictions.js';

/** Where the predictions of a record lie. */
export interface PredictionPlace {
  readonly location: string;
  /** Why it is taken where no flag names it. */
  readonly assumed?: string;
}

/**
 * Where the predictions of each record lie: as `--pred` says, in order or by the key of the record (`R2=DIR`), else as the
 * `--pred` of the command that made the record, else the one run folder that is of the record.
 *
 * @throws {ProtocolError} if a key is none, a record is named twice or there are more flags than records, or nothing says
 * where those of a record lie.
 */
export async function predictionsOfRecords(
  records: readonly SourcedRecord[],
  flags: readonly string[],
): Promise<readonly PredictionPlace[]> {
  const given = givenPredictions(
    records.map((_, index) => `R${index + 1}`),
    flags,
  );
  return Promise.all(
    records.map(async (source, index) => {
      const location = given.get(index);
      return location === undefined ? assumedPlace(source, `R${index + 1}`) : { location };
    }),
  );
}

async function assumedPlace(source: SourcedRecord, key: string): Promise<PredictionPlace> {
  const { file, record } = source;
  const own = commandFlags(record.command).get('pred');
  if (own !== undefined && existsSync(own)) return { location: own, assumed: 'as the command of its record has it' };
  const runs = await findRunFolders(source);
  if (runs.length === 1) return { location: runs[0], assumed: 'the run of its model, backend, data set and settings' };
  const tried =
    own !== undefined
      ? `; it was made of ${own}, which is not there`
      : runs.length > 1
        ? `; it may be of any of ${runs.join(', ')}`
        : ' (the run folder of wider or eval, or the predictions that were scored)';
  throw new ProtocolError(
    `${file}: a record holds no boxes: say where its predictions lie with --pred ${key}=PATH${tried}`,
  );
}
