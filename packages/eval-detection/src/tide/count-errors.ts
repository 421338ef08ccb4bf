import type { TideCounts } from '@retinabench/results';
import type { ClassifiedErrors } from './classify.js';
import { detectionTypes } from './error-types.js';

const nameOfType = new Map<number, 'hits' | 'localisation' | 'both' | 'duplicate' | 'background'>([
  [detectionTypes.hit, 'hits'],
  [detectionTypes.localisation, 'localisation'],
  [detectionTypes.both, 'both'],
  [detectionTypes.duplicate, 'duplicate'],
  [detectionTypes.background, 'background'],
]);

/**
 * Count detections and faces by what became of them, by group. By the rule of tidecv an ignored detection is counted as the
 * error that it would be, too, but never as a false positive.
 *
 * @param groups how many there are.
 * @param ofRank Int32Array [ranks] and
 * @param ofFace Int32Array [faces]: the group of each, -1: none.
 * Cost: O(detections + faces).
 */
export function countErrors(
  { type, ignored, counted, found, missed }: ClassifiedErrors,
  groups: number,
  ofRank: Int32Array,
  ofFace: Int32Array,
): TideCounts[] {
  const counts = Array.from({ length: groups }, () => ({
    hits: 0,
    localisation: 0,
    both: 0,
    duplicate: 0,
    background: 0,
    missed: 0,
    ignored: 0,
    falsePositives: 0,
    falseNegatives: 0,
  }));
  for (let rank = 0; rank < type.length; rank++) {
    const group = ofRank[rank];
    if (group < 0) continue;
    const name = nameOfType.get(type[rank]);
    if (name !== undefined) counts[group][name]++;
    if (ignored[rank] === 1) counts[group].ignored++;
    else if (type[rank] !== detectionTypes.hit) counts[group].falsePositives++;
  }
  for (let face = 0; face < counted.length; face++) {
    const group = ofFace[face];
    if (group < 0 || counted[face] !== 1) continue;
    counts[group].falseNegatives += 1 - found[face];
    counts[group].missed += missed[face];
  }
  return counts;
}
