import { formatCount } from '@retinabench/results';
import type { PairIndices } from '../template/resolve-pairs.js';
import { farTargets } from '../verify/pick.js';
import { countGenuineSubjects, type Subjects } from '../verify/subjects.js';
import type { Verification } from '../verify/verify.js';
import type { Diagnosis } from './diagnosis.js';

/** Genuine pairs under which one pair is more than a point of TAR. */
const fewestGenuine = 100;

/** Subjects with genuine pairs under which a bootstrap over subjects covers less than it says. */
const fewestSubjects = 30;

/** A verification and, where pairs are known, who is behind them. */
export interface RateCheck {
  readonly result: Verification;
  readonly resampled?: { readonly pairs: PairIndices; readonly labels: Uint8Array; readonly subjects: Subjects };
}

/** What the pairs cannot say: rates that too few impostor or genuine pairs decide, intervals of too few subjects. */
export function diagnoseRates({ result, resampled }: RateCheck): Diagnosis[] {
  const { genuine, impostors } = result;
  const diagnoses: Diagnosis[] = [];
  const unresolved = farTargets.filter((target) => result.tar.nearest[target].unresolved === true);
  if (unresolved.length > 0) {
    const decided = unresolved.map((target) => `${target} (${result.tar.nearest[target].impostors})`).join(', ');
    diagnoses.push({
      code: 'far-unresolved',
      level: 'warning',
      evidence: `of ${formatCount(impostors)} impostor pairs fewer than 10 decide TAR at FAR ${decided}`,
      effect: 'the threshold depends on a few pairs: this TAR says little, and less about a difference',
      fix: `use a higher FAR, or at least ${formatCount(Math.ceil(10 / Number(unresolved[0])))} impostor pairs for ${unresolved[0]}`,
    });
  }
  if (genuine < fewestGenuine) {
    diagnoses.push({
      code: 'genuine-pairs-few',
      level: 'warning',
      evidence: `${formatCount(genuine)} genuine pair${genuine === 1 ? '' : 's'}: one of them is ${(100 / genuine).toFixed(1)} points of TAR`,
      effect: 'TAR moves in steps of that size',
      fix: `use at least ${fewestGenuine} genuine pairs`,
    });
  }
  if (resampled !== undefined) {
    const subjects = countGenuineSubjects(resampled.pairs, resampled.labels, resampled.subjects);
    if (subjects < fewestSubjects) {
      diagnoses.push({
        code: 'subjects-few',
        level: 'warning',
        evidence: `${subjects} subject${subjects === 1 ? ' has' : 's have'} genuine pairs`,
        effect: 'the intervals are resampled from these subjects and are too narrow',
        fix: `use at least ${fewestSubjects} subjects, or leave the intervals out with --no-interval`,
      });
    }
  }
  return diagnoses;
}
