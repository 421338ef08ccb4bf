import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type RunIdentity, readIdentity } from '@retinabench/backends/runs';
import { canonicalJson } from '@retinabench/core';
import type { SourcedRecord } from '@retinabench/report';
import type { ResultRecord } from '@retinabench/results';

/** Where runs lie by default, from the working folder. */
const runFolders: readonly string[] = [path.join('results', 'wider'), path.join('results', 'detect')];

/**
 * The run folders that may be of a record: beside it, and where runs lie by default; of its code, model, backend, data set and
 * settings.
 *
 * @returns none for records of predictions that were scored.
 * Cost: one directory read a place, and one small file each folder there.
 */
export async function findRunFolders({ file, record }: SourcedRecord): Promise<string[]> {
  if (record.model?.sha256 === undefined) return [];
  const places = new Set([path.dirname(file), ...runFolders].map((place) => path.resolve(place)));
  const found: string[] = [];
  for (const place of places) {
    const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const folder = path.join(place, entry.name);
      if (entry.isDirectory() && isOf(record, identityOf(folder))) found.push(path.relative('', folder));
    }
  }
  return found;
}

/** A folder whose identity cannot be read is no run. */
function identityOf(folder: string): RunIdentity | undefined {
  try {
    return readIdentity(folder);
  } catch {
    return undefined;
  }
}

function isOf({ model, backend, dataset, protocol, environment }: ResultRecord, run: RunIdentity | undefined): boolean {
  return (
    run !== undefined &&
    run.model.id === model?.id &&
    run.model.sha256 === model.sha256 &&
    run.backend.id === backend?.id &&
    run.dataset.name === dataset?.name &&
    (environment.build === undefined || environment.build === `${run.code.version}+${run.code.sha256.slice(0, 12)}`) &&
    Object.entries(run.settings).every(
      ([name, value]) => canonicalJson(protocol[name] ?? null) === canonicalJson(value),
    )
  );
}
