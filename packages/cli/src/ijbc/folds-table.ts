import path from 'node:path';
import type { FoldEvaluation } from '@retinabench/eval-ijbc';
import { foldDifference, type ResultRecord } from '@retinabench/results';
import { renderTable } from '../terminal/table.js';
import { intervalOverFolds } from './folds-fields.js';

/** Every fold, and accuracy and TAR over all, as text for a terminal. */
export function formatFolds(evaluation: FoldEvaluation, far: number): string {
  const { folds, accuracy, tar, farReached, genuine, impostors } = evaluation;
  const percent = (share: number): string => (100 * share).toFixed(2);
  const numeric = (heading: string) => ({ heading, numeric: true });
  const [low, high] = intervalOverFolds(evaluation);
  return [
    renderTable(
      ['fold', 'pairs', 'threshold', 'accuracy %', 'threshold at FAR', 'TAR %', 'FAR %'].map(numeric),
      folds.map((fold, i) => [
        String(i + 1),
        String(fold.pairs),
        fold.threshold.toFixed(2),
        percent(fold.accuracy),
        fold.thresholdAtFar.toFixed(4),
        percent(fold.tar),
        percent(fold.far),
      ]),
    ),
    '',
    `accuracy ${percent(accuracy.mean)} +- ${percent(accuracy.deviation)} %, 95 % interval ${percent(low)} .. ${percent(high)} (Student's t over the folds)`,
    `TAR at FAR ${far}: ${percent(tar.mean)} +- ${percent(tar.deviation)} %, FAR reached ${percent(farReached)} %`,
    `${genuine.toLocaleString('en')} genuine and ${impostors.toLocaleString('en')} impostor pairs`,
  ].join('\n');
}

/** How a run differs from a baseline on the same pairs. */
export function formatFoldDifference(baseline: ResultRecord, record: ResultRecord, file: string): string {
  const lines = [`against ${path.basename(file)}:`];
  const signed = (value: number): string => `${value < 0 ? '-' : '+'}${(100 * Math.abs(value)).toFixed(2)}`;
  for (const name of ['accuracy', 'tar']) {
    const found = foldDifference(baseline, record, name);
    if (found.kind === 'not paired') {
      lines.push(`${name}: not comparable: ${found.why}`);
      continue;
    }
    const [low, high] = found.interval;
    const p = found.pValue === undefined ? '' : `, p = ${found.pValue(0).toFixed(4)}`;
    lines.push(
      `${name}: ${signed(found.difference)} points [${signed(low)}, ${signed(high)}] (paired over ${found.folds} folds, 95 %${p})`,
    );
    if (found.pairs !== undefined) {
      const { count, baselineOnly, candidateOnly, pValue } = found.pairs;
      lines.push(
        `by pair: of ${count.toLocaleString('en')}, ${candidateOnly} are right now and were wrong, ${baselineOnly} were right and are wrong now (McNemar, exact: p = ${pValue.toFixed(4)})`,
      );
    }
  }
  return lines.join('\n');
}
