import type { BenchResult } from '@retinabench/backends';
import { renderTable } from '../terminal/table.js';
import { notToldApart } from './not-told-apart.js';
import { adviceToRank, type RankedConfiguration } from './rank-rounds.js';

/**
 * "Faster by how much": every configuration over the first of its size, with a place only where the rounds tell it apart
 * from all others; below, which is the fastest, or that it cannot be told.
 *
 * @param ranked as `rankConfigurations` gives it, of `results`.
 * @returns undefined if there is nothing to compare.
 */
export function ratioTable(
  results: readonly BenchResult[],
  ranked: readonly (readonly RankedConfiguration[])[],
): string | undefined {
  if (ranked.length === 0) return undefined;
  const columns = [
    { heading: 'model' },
    { heading: 'backend' },
    { heading: 'size' },
    { heading: 'threads', numeric: true },
    { heading: 'over the first', numeric: true },
    { heading: '95 %', numeric: true },
    { heading: 'rank' },
  ];
  const rows = ranked.flat().map(({ index, ratioToFirst: { ratio, interval, rank }, sameAs }) => {
    const { model, backend, size, threads } = results[index].init;
    const isFirst = !ranked.every((group) => group[0].index !== index);
    return [
      model.card.id,
      backend,
      size.name,
      String(threads),
      isFirst ? '1' : ratio.toFixed(3),
      isFirst || interval === undefined ? '-' : `[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]`,
      rank === undefined ? notToldApart(sameAs.length) : String(rank),
    ];
  });
  return [
    renderTable(columns, rows),
    'times of a round over those of the first of its size in that round; ranked where all rounds tell them apart',
    ...ranked.map((group) => verdictOf(results, group)),
  ].join('\n');
}

/** Which of a size is the fastest. */
function verdictOf(results: readonly BenchResult[], group: readonly RankedConfiguration[]): string {
  const nameOf = (index: number): string => {
    const { model, backend, threads } = results[index].init;
    return `${model.card.id} on ${backend}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  };
  const { size } = results[group[0].index].init;
  const fastest = group.find(({ ratioToFirst }) => ratioToFirst.rank === 1);
  if (fastest !== undefined) return `${size.name}: fastest is ${nameOf(fastest.index)}`;
  const least = group.reduce((a, b) => (b.ratioToFirst.ratio < a.ratioToFirst.ratio ? b : a));
  const rivals = [least.index, ...least.sameAs].map(nameOf).join('; ');
  return `${size.name}: which is fastest cannot be told (${rivals}); ${adviceToRank(group)}`;
}
