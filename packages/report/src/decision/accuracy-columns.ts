import type { RecordKind, ResultRecord } from '@retinabench/results';
import { familyOf } from '../gate/family-of.js';
import type { AccuracyColumn } from './decision-table.js';

/** The numbers of each kind that have a column, the deciding one last. */
const headings: Partial<Readonly<Record<RecordKind, readonly (readonly [key: string, heading: string])[]>>> = {
  wider: [
    ['ap.easy', 'AP easy'],
    ['ap.medium', 'AP medium'],
    ['ap.hard', 'AP hard'],
  ],
  detection: [
    ['detection.apSmall', 'AP small'],
    ['detection.f1', 'F1'],
    ['detection.missRate', 'Miss rate'],
    ['detection.ap50', 'AP50'],
    ['detection.ap', 'AP'],
  ],
  landmarks: [
    ['landmarks.errorPx', 'Landmark error'],
    ['landmarks.nme', 'Landmark NME'],
  ],
  'ijbc-verification': [
    ['tar.1e-6', 'TAR at 1e-6'],
    ['tar.1e-5', 'TAR at 1e-5'],
    ['tar.1e-4', 'TAR at 1e-4'],
    ['folds.accuracy', 'Accuracy'],
  ],
  'ijbc-identification': [
    ['tpir.0.01', 'TPIR at 0.01'],
    ['rank.1', 'Rank 1'],
  ],
};

/** Whether records of a kind have an accuracy by which detectors are chosen. */
export function isDeciding(kind: RecordKind): boolean {
  return headings[kind] !== undefined;
}

/**
 * The columns of accuracy of records of one kind: the numbers that one of them has, but for a TAR that too few pairs decide in
 * all of them, while another number stands. The last one decides.
 */
export function accuracyColumns(kind: RecordKind, records: readonly ResultRecord[]): AccuracyColumn[] {
  const columns = (headings[kind] ?? []).flatMap(([key, heading]) => {
    const rule = familyOf(key);
    if (rule === undefined || !records.some((record) => rule.family.read(record, rule.subject) !== undefined))
      return [];
    return [{ key, heading, better: rule.family.better }];
  });
  const certain = columns.filter(({ key }) => !records.every((record) => caveatOfColumn(record, key) !== undefined));
  return certain.length > 0 ? certain : columns.slice(-1);
}

/** That a TAR is decided by too few pairs. What is to be said of the images of a record stands once above the page. */
export function caveatOfColumn(record: ResultRecord, key: string): string | undefined {
  const rule = familyOf(key);
  return rule?.family.caveat?.(record, rule.subject) === undefined ? undefined : 'too few pairs';
}

/** The value of a column and its 95 % interval. */
export function readColumn(record: ResultRecord, key: string) {
  const rule = familyOf(key);
  const value = rule?.family.read(record, rule.subject);
  const [prefix, subject] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
  const interval =
    prefix === 'ap' ? record.interval?.[subject as 'hard'] : rule?.family.readInterval?.(record, rule.subject);
  return { value, interval };
}
