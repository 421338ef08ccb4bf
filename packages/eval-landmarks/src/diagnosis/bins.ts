import type { LandmarkSet } from '../set/landmark-set.js';
import { type BinRule, binFaces } from '../summary/bins.js';
import type { LandmarkFinding } from './finding.js';

/** Whether a column that the faces are split by has bins without a face, as where angles are radians. */
export function diagnoseBins(
  annotated: LandmarkSet,
  bins: ReadonlyMap<string, BinRule | undefined>,
): LandmarkFinding[] {
  return [...bins].flatMap(([name, rule]): LandmarkFinding[] => {
    const column = annotated.attributes.get(name);
    if (column === undefined || column.kind !== 'number' || rule === undefined) return [];
    const values = Array.from(column.values).filter((value) => !Number.isNaN(value));
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const isRadians =
      /yaw|pitch|roll|angle/i.test(name) &&
      largest > 0 &&
      largest <= 2 * Math.PI &&
      Math.max(...rule.edges) > 2 * Math.PI;
    const held = binFaces(name, column, rule).size;
    const findings: LandmarkFinding[] = [];
    if (isRadians) {
      findings.push({
        code: 'bins-in-radians',
        level: 'warning',
        evidence: `no ${name} is greater than ${largest.toFixed(2)}, and the bins end at ${rule.edges.join(' and ')}`,
        effect: 'the angles seem to be radians, and all faces are in one bin',
        fix: `give ${name} in degrees: multiply it by 180 / pi`,
      });
    }
    if (held < rule.edges.length + 1) {
      findings.push({
        code: 'bins-empty',
        level: 'warning',
        evidence: `${held} of the ${rule.edges.length + 1} bins of ${name} hold a face`,
        effect: 'the mean of the bins is of those alone, and is not comparable with that of all bins',
        fix: 'check the unit of the column and the bounds of the bins',
      });
    }
    return findings;
  });
}
