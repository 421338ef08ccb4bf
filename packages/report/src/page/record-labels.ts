import type { ResultRecord } from '@retinabench/results';
import { modelHash } from '../gate/detector.js';

/** A record and where it came from. */
export interface SourcedRecord {
  readonly file: string;
  readonly record: ResultRecord;
}

/**
 * A short label for each record, distinct within a kind: the model (or the file, of predictions made
 * by who knows what), then what tells it from others of the same model
 * and kind (hash of the model, backend, data set, settings of the protocol, commit of time), and a number as the last resort.
 */
export function recordLabels(sources: readonly SourcedRecord[]): string[] {
  const names = sources.map(({ file, record }) => record.model?.id ?? fileStem(file));
  const records = sources.map(({ record }) => record);
  const groups = new Map<string, number[]>();
  records.forEach((record, index) => {
    const key = JSON.stringify([record.kind, names[index]]);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  const labels = [...names];
  for (const indices of groups.values()) {
    const details = distinguish(indices.map((index) => records[index]));
    indices.forEach((index, place) => {
      labels[index] = [labels[index], ...details[place]].join(' · ');
    });
  }
  return labels;
}

/** `results/wider/run.json` is `run`. */
function fileStem(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return name.replace(/\.json$/, '');
}

function distinguish(records: readonly ResultRecord[]): string[][] {
  const details: string[][] = records.map(() => []);
  const facets = [
    ({ model }: ResultRecord) => (model?.sha256 === undefined ? undefined : modelHash(model.sha256)),
    (record: ResultRecord) => record.backend?.id,
    (record: ResultRecord) => (record.backend?.threads === undefined ? undefined : `${record.backend.threads} threads`),
    (record: ResultRecord) => record.dataset?.name,
    ...settingNames(records).map(
      (name) => (record: ResultRecord) =>
        record.protocol[name] === undefined ? undefined : `${name} ${String(record.protocol[name])}`,
    ),
    (record: ResultRecord) => record.createdAt.slice(0, 10),
  ];
  for (const facet of facets) {
    const values = records.map(facet);
    if (allDistinct(details) || values.every((value) => value === values[0])) continue;
    values.forEach((value, index) => {
      if (value !== undefined) details[index].push(value);
    });
  }
  if (!allDistinct(details)) {
    details.forEach((detail, index) => {
      detail.push(`#${index + 1}`);
    });
  }
  return details;
}

function settingNames(records: readonly ResultRecord[]): string[] {
  const names = new Set(records.flatMap(({ protocol }) => Object.keys(protocol)));
  names.delete('id');
  return [...names].sort();
}

function allDistinct(details: readonly (readonly string[])[]): boolean {
  return new Set(details.map((detail) => detail.join('\n'))).size === details.length;
}
