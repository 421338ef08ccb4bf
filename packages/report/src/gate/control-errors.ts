import { holm } from '@retinabench/results';
import { significant } from '../format/number.js';
import type { GateResult } from './result.js';

/** False failures of a whole table, all its tests together. */
const tableAlpha = 0.05;

/**
 * Control the error of a whole table: with many rules one of them would fail by chance sooner or later. Each failure by the
 * interval of a drop has to be certain among all tests of the table; one that is not is inconclusive. What passes is as it
 * was: each interval is at 95 % by itself.
 *
 * @param results those with a `pValue` are tests of a drop of the tolerance, or an increase of what is `allowed`, two-sided.
 * @returns the same, tests with `pAdjusted` beside their p-value where there is more than one.
 * Source: Holm 1979; on what side of the tolerance a difference lies counts, so that the level of failures is half of
 * `tableAlpha`, as with one 95 % interval.
 */
export function controlErrors(results: readonly GateResult[]): GateResult[] {
  const tests = results.filter(({ values }) => values.pValue !== undefined);
  if (tests.length < 2) return [...results];
  const isLoss = ({ difference, maxDrop, allowed }: GateResult['values']): boolean =>
    allowed === undefined ? difference < -maxDrop : difference > allowed;
  const adjusted = holm(tests.map(({ values }) => (isLoss(values) ? values.pValue : 1)));
  return results.map((result) => {
    const index = tests.indexOf(result);
    if (index < 0) return result;
    const pAdjusted = adjusted[index];
    const values = { ...result.values, pAdjusted };
    if (result.verdict !== 'fail' && result.verdict !== 'warn') return { ...result, values };
    const among = `p = ${significant(pAdjusted)} among the ${tests.length} tests of this gate (Holm)`;
    return pAdjusted < tableAlpha
      ? { ...result, values, message: `${result.message} ${among}.` }
      : {
          ...result,
          values,
          verdict: 'inconclusive',
          message: `${result.message} By itself it would fail, but ${among}: evaluate on more data, or rule on fewer numbers.`,
        };
  });
}

/** How the errors of a table are controlled, as a sentence for people. */
export function describeTests(tests: number): string {
  return `${tests} tests of a drop, false failures of all together at most ${tableAlpha * 100} % (Holm).`;
}
