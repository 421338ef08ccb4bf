import type { ResultRecord } from '@retinabench/results';
import type { NamedRecord } from './named-record.js';

/** Kinds that are joined to rows of accuracy by model, in words. */
const joined: Partial<Record<ResultRecord['kind'], string>> = {
  latency: 'times',
  parity: 'parity',
  landmarks: 'landmark errors',
};

/**
 * Why records of a model of a table are not joined to its rows: one of the two does not state the hash of the model, and an id alone
 * may be that of two networks.
 *
 * @param members the records of the table.
 * @param records all of the page.
 */
export function unhashedNotes(members: readonly NamedRecord[], records: readonly NamedRecord[]): string[] {
  return records.flatMap(({ key, record: { kind, model } }) => {
    const what = joined[kind];
    if (what === undefined || model === undefined || members.some((member) => member.key === key)) return [];
    const alike = members.filter(({ record }) => record.model?.id === model.id);
    if (alike.length === 0 || alike.some(({ record }) => record.model?.sha256 === model.sha256)) return [];
    const without = alike.filter(({ record }) => record.model?.sha256 === undefined).map((member) => member.key);
    if (model.sha256 !== undefined && without.length === 0) return [];
    const whose = model.sha256 === undefined ? key : without.join(', ');
    const who = whose.includes(',') ? `${whose} do` : `${whose} does`;
    return [
      `The ${what} of ${model.id} in ${key} are not joined to its row: ${who} not state the hash of the model, and an id alone may be that of two networks. Make that record again.`,
    ];
  });
}
