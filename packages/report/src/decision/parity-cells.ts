import type { ParityResult, ResultRecord } from '@retinabench/results';
import { significant } from '../format/number.js';
import { modelKey } from '../gate/detector.js';
import type { ParityCell } from './decision-table.js';

/**
 * What the records of parity say of a model on a backend: of several the one made last, and one that compares it before one in which
 * it is the reference. Undefined: nothing.
 */
export function parityCell(
  records: readonly { readonly key: string; readonly record: ResultRecord }[],
  detector: { readonly model: string | undefined; readonly backend: string | undefined },
): ParityCell | undefined {
  const byAge = [...records].sort((a, b) => (a.record.createdAt < b.record.createdAt ? -1 : 1));
  const cells = byAge.flatMap(({ key, record }): ParityCell[] => {
    if (record.parity === undefined || detector.model === undefined || modelKey(record) !== detector.model) return [];
    const result = record.parity.find(({ backend }) => backend === detector.backend);
    if (result !== undefined) return [cellOf(key, result)];
    return record.backend?.id === detector.backend ? [{ key, verdict: 'reference' }] : [];
  });
  return cells.findLast(({ verdict }) => verdict !== 'reference') ?? cells.at(-1);
}

function cellOf(key: string, result: ParityResult): ParityCell {
  if (result.failure !== undefined) return { key, verdict: 'failed', detail: result.failure };
  if (result.withinTolerance) return { key, verdict: 'within tolerance' };
  const parts = [
    `boxes up to ${significant(result.boxMaxPx)} px`,
    `scores up to ${significant(result.scoreMaxAbsolute)}`,
  ];
  if (result.unmatched > 0) parts.push(`${result.unmatched} of ${result.detections} unmatched`);
  return { key, verdict: 'past tolerance', detail: parts.join(', ') };
}
