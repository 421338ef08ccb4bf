import type { ResultRecord } from '@retinabench/results';
import { landmarkSubjects } from '../gate/landmark-rules.js';
import { ruleFamilies } from '../gate/rules.js';

/** Of a detection record; a gate can rule on all of its numbers. */
const detectionHeadlines = ['ap', 'ap50', 'ap75', 'apSmall', 'apMedium', 'apLarge', 'f1', 'missRate'] as const;

/** The numbers of a record that a gate can rule on, by the key of their rule: `ap.hard`, `latency.total`, `tar.1e-4`. */
export function headlineValues(record: ResultRecord): Record<string, number> {
  const subjects: Readonly<Record<string, readonly string[]>> = {
    ap: Object.keys(record.ap ?? {}),
    detection: detectionHeadlines,
    landmarks: landmarkSubjects(record),
    tide: ['localisation', 'missed', 'background', 'duplicate'],
    calibration: ['ece', 'brier'],
    folds: ['accuracy', 'tar'],
    tar: Object.keys(record.tar ?? {}),
    rank: Object.keys(record.rank ?? {}),
    tpir: Object.keys(record.tpir ?? {}),
    latency: Object.keys(record.latencyMs ?? {}),
    memory: ['peak'],
    size: ['bytes', 'parameters'],
  };
  const values: [string, number][] = ruleFamilies.flatMap((family) =>
    (subjects[family.prefix] ?? [])
      .filter((subject) => family.subjects.test(subject))
      .flatMap((subject): [string, number][] => {
        const value = family.read(record, subject);
        return value === undefined ? [] : [[`${family.prefix}.${subject}`, value]];
      }),
  );
  return Object.fromEntries(values);
}
