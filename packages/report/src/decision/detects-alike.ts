import type { ResultRecord } from '@retinabench/results';
import { isOfCard } from '../gate/detector.js';

/** What else a run says of how it detects: its input size, and what enters and leaves suppression. */
const ofRun: ReadonlySet<string> = new Set(['scale', 'flip', 'resize', 'topK', 'keepTopK', 'decode']);

/**
 * Whether two records detect alike, so that the time of one stands beside the accuracy of the other: every setting of the detector
 * that both state has one value in both. What older records do not state is not held against them.
 *
 * @param which of the settings count: those of the card, or those of the run as well.
 */
export function detectsAlike(
  a: Pick<ResultRecord, 'protocol'>,
  b: Pick<ResultRecord, 'protocol'>,
  which: 'card' | 'all' = 'all',
): boolean {
  return detectsUnlike(a, b, which).length === 0;
}

/** The settings of the detector that both records state, with unlike values: why `detectsAlike` says no. */
export function detectsUnlike(
  a: Pick<ResultRecord, 'protocol'>,
  b: Pick<ResultRecord, 'protocol'>,
  which: 'card' | 'all' = 'all',
): string[] {
  return Object.entries(a.protocol).flatMap(([name, value]) => {
    const counts = isOfCard(name) || (which === 'all' && ofRun.has(name));
    if (!counts || b.protocol[name] === undefined) return [];
    return JSON.stringify(b.protocol[name]) === JSON.stringify(value) ? [] : [name];
  });
}
