import type { PageRecord } from '../page-data.js';

/**
 * How many protocols and data sets the numbers of some records come from, in words: `2 protocols and 3 data sets`; undefined
 * if they share one of each. A data set is its content, whatever its name.
 */
export function severalConditions(records: readonly Pick<PageRecord, 'protocol' | 'dataset'>[]): string | undefined {
  const protocols = new Set(records.map(({ protocol }) => protocol.id)).size;
  const datasets = new Set(records.map(({ dataset }) => dataset?.sha256 ?? dataset?.name)).size;
  const parts = [
    ...(protocols > 1 ? [`${protocols} protocols`] : []),
    ...(datasets > 1 ? [`${datasets} data sets`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(' and ');
}
