import { holm } from '@retinabench/results';
import { significant } from '../format/number.js';
import type { ComparedNumber } from './compare-records.js';

/** Chance that one or more marks of a table are false although no number differs. */
const tableError = 0.05;

/** The comparisons of one table that rest on an interval: how many. */
export function countTested(numbers: readonly ComparedNumber[]): number {
  return numbers.filter(({ pValue }) => pValue !== undefined).length;
}

/**
 * Control the error of all marks of a table together: of many 95 % intervals some leave out zero by chance. A number stays
 * better or worse only if its p-value, adjusted by Holm for all numbers of the table that rest on an interval, is below
 * 5 %; else it is `uncertain`, and says why.
 *
 * @param records the numbers of each record of the table.
 * @returns the same, record by record.
 */
export function controlMarks(records: readonly (readonly ComparedNumber[])[]): ComparedNumber[][] {
  const tested = records.flat().filter(({ pValue }) => pValue !== undefined);
  const adjusted = holm(tested.map(({ pValue }) => pValue ?? 1));
  const pOf = new Map(tested.map((number, index) => [number, adjusted[index]]));
  return records.map((numbers) =>
    numbers.map((number) => {
      const pAdjusted = pOf.get(number);
      if (pAdjusted === undefined) return number;
      if (pAdjusted < tableError || number.mark === 'same' || number.mark === 'not told apart')
        return { ...number, pAdjusted };
      const how = `${number.how}; ${number.mark} by itself (p = ${significant(number.pValue ?? 1)}), not among ${tested.length} numbers (after Holm ${significant(pAdjusted)})`;
      return { ...number, pAdjusted, mark: 'uncertain' as const, how };
    }),
  );
}
