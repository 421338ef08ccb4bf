import type { ResultRecord } from '@retinabench/results';
import type { PairedDifference } from '../difference/difference-interval.js';
import type { Allowance } from '../gate/allowance.js';
import { describeDifferences, findIncomparable } from '../gate/comparable.js';
import { isOfCard } from '../gate/detector.js';
import { type ComparedNumber, compareRecords } from './compare-records.js';
import { type ComparisonNote, comparisonNotes } from './comparison-notes.js';
import { controlMarks } from './control-marks.js';

/** Two records against each other, or why they may not be. */
export type TwoCompared =
  | {
      readonly kind: 'compared';
      readonly numbers: readonly ComparedNumber[];
      readonly notes: readonly ComparisonNote[];
      /** Settings of the detectors in which they differ, where detectors are compared as wholes: `nmsIou 0.4 -> 0.45`. */
      readonly detectors?: string;
    }
  | { readonly kind: 'incomparable'; readonly why: string; readonly detectorsOnly: boolean };

/** How two records are compared. */
export interface CompareOptions {
  readonly pairedApDifference: PairedDifference;
  /** Compare detectors as wholes: their scale and what cards say (score floor, suppression) may differ. */
  readonly asDetectors?: boolean;
}

/**
 * Every number that two records share, with paired intervals where the records allow, and marks that are held together for
 * all of them. Records of different protocols or data sets are not compared.
 */
export function compareTwo(baseline: ResultRecord, record: ResultRecord, options: CompareOptions): TwoCompared {
  const needs: Allowance[] = baseline.kind === 'latency' ? ['protocol', 'machine'] : ['protocol', 'dataset'];
  const reasons = findIncomparable(baseline, record, needs);
  const settings = reasons.flatMap(({ reason, differences }) => (reason === 'protocol' ? differences : []));
  const areDetectors = settings.length > 0 && settings.every(({ setting }) => setting === 'scale' || isOfCard(setting));
  const others = reasons.filter(({ reason }) => reason !== 'protocol');
  const isWhole = options.asDetectors === true && areDetectors && others.length === 0;
  if (reasons.length > 0 && !isWhole) {
    const why = reasons
      .map(
        ({ reason, differences }) =>
          `another ${reason === 'dataset' ? 'data set' : reason}: ${describeDifferences(differences)}`,
      )
      .join('; ');
    return { kind: 'incomparable', why, detectorsOnly: areDetectors && others.length === 0 };
  }
  const compared = isWhole ? { ...record, protocol: baseline.protocol } : record;
  const [numbers] = controlMarks([compareRecords(baseline, compared, options.pairedApDifference)]);
  return {
    kind: 'compared',
    numbers,
    notes: comparisonNotes(numbers),
    ...(isWhole ? { detectors: describeDifferences(settings) } : {}),
  };
}
