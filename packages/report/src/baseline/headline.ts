import type { ResultRecord } from '@retinabench/results';
import { ruleFamilies } from '../gate/rules.js';

/** The numbers of a record that a gate can rule on, by the key of their rule: `ap.hard`, `latency.total`, `tar.1e-4`. */
export function headlineValues(record: ResultRecord): Record<string, number> {
  const subjects: Readonly<Record<string, readonly string[]>> = {
    ap: Object.keys(record.ap ?? {}),
    tar: Object.keys(record.tar ?? {}),
    rank: Object.keys(record.rank ?? {}),
    tpir: Object.keys(record.tpir ?? {}),
    latency: Object.keys(record.latencyMs ?? {}),
    memory: ['peak'],
    size: ['bytes', 'parameters'],
  };
  const values: [string, number][] = ruleFamilies.flatMap((family) =>
    (subjects[family.prefix] ?? []).flatMap((subject): [string, number][] => {
      const value = family.read(record, subject);
      return value === undefined ? [] : [[`${family.prefix}.${subject}`, value]];
    }),
  );
  return Object.fromEntries(values);
}
