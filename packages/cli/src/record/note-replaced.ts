import { stat } from 'node:fs/promises';
import type { ResultRecord } from '@retinabench/results';
import { printNote } from '../terminal/output.js';
import { readUncheckedRecord } from './read.js';

/** What a record is of, by the word for it. */
type Conditions = Readonly<Record<string, string | undefined>>;

/**
 * Say that a file holds a record of something else, which is about to be replaced: of another data set, model, backend, other
 * predictions or another protocol. A record of the same is replaced without a word, and so is a file that is no record.
 */
export async function noteReplaced(file: string, record: ResultRecord): Promise<void> {
  if (!(await stat(file).catch(() => undefined))?.isFile()) return;
  const old = await parsed(file);
  if (old === undefined) return;
  const [was, is] = [conditionsOf(old), conditionsOf(record)];
  const changed = Object.keys(is).filter((name) => was[name] !== is[name]);
  if (changed.length === 0) return;
  const differences = changed.map((name) => `${name} ${was[name] ?? 'none'}, now ${is[name] ?? 'none'}`);
  printNote(
    `note: ${file} held a record of other conditions, which this one replaces (${differences.join('; ')}); --out FILE keeps both`,
  );
}

async function parsed(file: string): Promise<Partial<ResultRecord> | undefined> {
  try {
    const value = await readUncheckedRecord(file);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function conditionsOf({ kind, model, backend, dataset, protocol }: Partial<ResultRecord>): Conditions {
  const notes = Array.isArray(dataset?.notes) ? dataset.notes : [];
  const predictions = notes.map((note) => /^predictions: (.+) read as /.exec(String(note))?.[1]);
  return {
    kind,
    'data set': named(dataset?.name, dataset?.groundTruthSha256 ?? dataset?.sha256),
    images: dataset?.images === undefined ? undefined : String(dataset.images),
    model: named(model?.id, model?.sha256),
    predictions: predictions.find((place) => place !== undefined),
    backend: backend?.id,
    protocol: protocol?.id,
  };
}

function named(name: string | undefined, sha256: string | undefined): string | undefined {
  return name === undefined ? undefined : `${name}${sha256 === undefined ? '' : ` (${String(sha256).slice(0, 12)})`}`;
}
