import { formatCount } from '@retinabench/results';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { percent } from './order.js';

/** Share of missed faces from which on the error of the others says little. */
const manyMissed = 0.1;

/** Share from which on hardly anything matches: boxes or points are misread rather than faces missed. */
const nearlyAll = 0.9;

/** Whether predicted points are missing, and whether so many faces are that the error is of the easy ones. */
export function diagnoseMissing({ annotated, predicted, pairs }: LandmarkInput): LandmarkFinding[] {
  const { count } = annotated.scheme;
  let [withPoints, missed, incomplete] = [0, 0, 0];
  for (let face = 0; face < annotated.faces; face++) {
    const given = Array.from({ length: count }, (_, point) => (face * count + point) * 2).filter(
      (at) => !Number.isNaN(annotated.points[at]) && !Number.isNaN(annotated.points[at + 1]),
    );
    if (given.length === 0) continue;
    withPoints++;
    const match = pairs.matches[face];
    if (match < 0) missed++;
    else if (
      given.some((at) => {
        const of = match * count * 2 + (at - face * count * 2);
        return !Number.isFinite(predicted.points[of]) || !Number.isFinite(predicted.points[of + 1]);
      })
    ) {
      incomplete++;
    }
  }
  const findings: LandmarkFinding[] = [];
  if (incomplete > 0) {
    findings.push({
      code: 'points-missing',
      level: 'warning',
      evidence: `${formatCount(incomplete)} of ${formatCount(withPoints)} faces have a predicted point that is not a number, or -1 -1, or all of them at 0 0`,
      effect: 'they count as missed faces: failures, and not in the mean error',
      fix: 'predict every point, hidden ones too',
    });
  }
  const lost = missed + incomplete;
  if (lost > manyMissed * withPoints) {
    const misread = lost > nearlyAll * withPoints;
    findings.push({
      code: 'faces-missed',
      level: misread ? 'error' : 'warning',
      evidence: `${formatCount(lost)} of ${formatCount(withPoints)} faces (${percent(lost / withPoints)}) are missed`,
      effect:
        'the mean error is of the faces that were found, often the easy ones; failure rate and area count the missed as failures',
      fix: misread
        ? `check that boxes and points are pixels of the annotated images, x before y${pairs.protocol.pairing === 'iou' ? ', or lower --iou' : ''}`
        : 'compare failure rate or area, or the mean error of detectors that find the same faces',
    });
  }
  return findings;
}
