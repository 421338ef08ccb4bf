import type { Resampled } from '@retinabench/results';
import { digestDrawn } from './digest-drawn.js';
import { countGenuineSubjects } from './subjects.js';
import type { SubjectResampling, Verification } from './verify.js';

/** What was verified, and how subjects were drawn. */
export interface DrawnVerification {
  readonly result: Verification;
  readonly resampling: SubjectResampling;
  readonly seed: number;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  /** Int32Array [templates]: template ids, ascending. */
  readonly ids: Int32Array;
}

/**
 * What a record keeps of the draws of a verification: TAR at every FAR of each draw, which a later comparison with another
 * record of the same pairs pairs with that record's. Some 25 kB whatever the number of pairs.
 */
export function resampledVerification({ result, resampling, seed, labels, ids }: DrawnVerification): Resampled {
  const { pairs, subjects } = resampling;
  return {
    unit: 'subjects',
    units: subjects.count,
    deciding: countGenuineSubjects(pairs, labels, subjects),
    seed,
    sha256: digestDrawn('subjects with replacement, thresholds of each draw; 1', [
      ids,
      pairs.left,
      pairs.right,
      labels,
    ]),
    draws: Object.fromEntries(Object.entries(result.draws ?? {}).map(([target, tars]) => [`tar.${target}`, tars])),
  };
}
