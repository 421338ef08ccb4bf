import { createHash } from 'node:crypto';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { appendLine, type BaselineEntry, headlineValues, parseHistory, recordDigest } from '@retinabench/report';
import type { ResultRecord } from '@retinabench/results';
import { recordLine } from '../record/record-line.js';
import { type OutputKind, recordBegins, requireWritable, writeOutput } from '../terminal/output-file.js';
import { lockHistory, readHistory, writeHistory } from './history-file.js';
import { currentCommit, currentUser } from './repository.js';

const baselineOutput: OutputKind = { what: 'the baseline', flag: '--out FILE', begins: recordBegins };

/** A decision to take a record as the baseline. */
export interface Acceptance {
  readonly record: ResultRecord;
  /** Where the baseline goes; default: beside the history, under a name of all that a gate compares. */
  readonly out?: string;
  readonly history: string;
  readonly why?: string;
  /** Default: the actor of a workflow, else git's user. */
  readonly by?: string;
  /** Default: the checked-out one. */
  readonly commit?: string;
}

/**
 * Write a record as the baseline and append the decision to the history: the history first, and the old history again if
 * the baseline cannot be written, so that no baseline is without its line.
 *
 * @returns the line of the history, and the file of the baseline.
 * @throws {DatasetError} if both have one place, a file of another kind lies there, or the history was edited.
 * @throws {EnvironmentError} if one cannot be written, or another process accepts at this moment.
 */
export async function acceptBaseline(acceptance: Acceptance): Promise<BaselineEntry & { readonly file: string }> {
  const { record, history: place } = acceptance;
  const file = acceptance.out ?? path.join(path.dirname(place), baselineName(record));
  if (path.resolve(file) === path.resolve(place)) {
    throw new DatasetError(
      `${file}: expected two places for baseline and history, got one; correct --out or --history`,
    );
  }
  await requireWritable(place, { what: 'the history', flag: '--history FILE' });
  await requireWritable(file, baselineOutput);
  const release = await lockHistory(place);
  try {
    const history = await readHistory(place);
    parseHistory(history, place);
    const entry = entryOf(acceptance);
    writeHistory(place, history + appendLine(history, entry));
    try {
      await writeOutput(file, recordLine(record), baselineOutput);
    } catch (error) {
      writeHistory(place, history);
      throw error;
    }
    return { ...entry, file };
  } finally {
    release();
  }
}

function entryOf({ record, why, by, commit = currentCommit() }: Acceptance): BaselineEntry {
  return {
    acceptedAt: new Date().toISOString(),
    ...(commit === undefined ? {} : { commit }),
    recordSha256: recordDigest(record),
    by: by ?? currentUser(),
    why: why ?? 'not stated',
    kind: record.kind,
    ...(record.model === undefined ? {} : { model: record.model.id }),
    ...(record.backend === undefined ? {} : { backend: record.backend.id }),
    ...(record.dataset === undefined ? {} : { dataset: record.dataset.name }),
    protocolId: record.protocol.id,
    values: headlineValues(record),
  };
}

/**
 * `wider-retinaface-mnet025-ort-node-wider-val-01234567-0123456789ab.json`: one file per thing that a gate compares. Names that
 * would lose signs, length or case of a word end with a hash of the words besides, so that no two things have one name.
 */
function baselineName({ kind, model, backend, dataset, protocol }: ResultRecord): string {
  const all = [kind, model?.id, backend?.id, dataset?.name, dataset?.sha256.slice(0, 8), protocol.id];
  const parts = all.filter((part): part is string => part !== undefined);
  const words = parts.map((part) => part.replace(/[^\w.-]+/g, '_').slice(0, 60));
  const isWhole = parts.every((part, index) => part === words[index] && part === part.toLowerCase());
  const hash = isWhole ? [] : [createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)];
  return `${[...words, ...hash].join('-')}.json`;
}
