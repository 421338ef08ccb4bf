import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, requireEqual, requireThat } from './contradiction.js';

/** Contradictions within a loss record: a total that is not the weighted sum of its terms. */
export function findLossContradictions({ loss, protocol, positives }: ResultRecord): Contradiction[] {
  if (loss === undefined) return [];
  const found = Object.entries(loss).flatMap(([term, value]) =>
    requireThat(value >= 0, `loss.${term}`, 'at least 0', value),
  );
  const { weightClassification, weightBox, weightLandmark } = protocol;
  const { total, classification, box, landmark } = loss;
  if (
    typeof weightClassification === 'number' &&
    typeof weightBox === 'number' &&
    typeof weightLandmark === 'number' &&
    [total, classification, box, landmark].every((value) => value !== undefined) &&
    (loss.pixel ?? 0) === 0
  ) {
    const sum = weightClassification * classification + weightBox * box + weightLandmark * landmark;
    found.push(...requireEqual('loss.total', sum, total, 'the weighted sum of its terms'));
  }
  const anchors = positives?.anchors?.positive;
  const levels = positives?.level;
  if (anchors !== undefined && levels !== undefined) {
    const sum = Object.values(levels).reduce((all, count) => all + count, 0);
    found.push(...requireEqual('positives.anchors.positive', sum, anchors, 'the sum of its levels'));
  }
  return found;
}
