import type { ResultRecord } from '@retinabench/results';
import type { Allowance } from './allowance.js';
import { machineClass } from './machine-class.js';

/** Why two numbers may not be compared. */
export interface Incomparable {
  readonly reason: Allowance;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Whether two records may be compared in what `needs` names: the same protocol id, the same images, the same class of
 * machine (processor, cores, platform; kernel and Node versions may differ).
 *
 * @returns the differences; empty if the numbers are comparable.
 */
export function findIncomparable(
  baseline: ResultRecord,
  record: ResultRecord,
  needs: readonly Allowance[],
): Incomparable[] {
  return needs.flatMap((reason) => {
    const expected = identityOf(baseline, reason);
    const actual = identityOf(record, reason);
    return expected === actual ? [] : [{ reason, expected, actual }];
  });
}

function identityOf(record: ResultRecord, reason: Allowance): string {
  switch (reason) {
    case 'protocol':
      return `${record.kind} protocol ${record.protocol.id}`;
    case 'dataset': {
      const { dataset } = record;
      if (dataset === undefined) return 'no data set';
      const name = dataset.split === undefined ? dataset.name : `${dataset.name} ${dataset.split}`;
      return `${name}, ${dataset.images} images, ${dataset.sha256.slice(0, 12)}`;
    }
    case 'machine':
      return machineClass(record.environment);
  }
}
