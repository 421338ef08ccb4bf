import { fpirTargets, type Identification, type ResampledIdentification, ranks } from '@retinabench/eval-ijbc';
import { renderTable } from '../terminal/table.js';

/** Hits by rank and TPIR of each gallery and of all together, in percent, with the intervals of `drawn`, as a table. */
export function formatIdentification(
  { galleries, rank, tpir, probes }: Identification,
  drawn: ResampledIdentification | undefined,
): string {
  const percent = (share: number | undefined): string => (share === undefined ? '-' : (share * 100).toFixed(2));
  const rows = galleries.map((gallery, i) => [
    `gallery ${i + 1}`,
    String(gallery.gallery),
    String(gallery.mated),
    String(gallery.nonMated),
    ...ranks.map((limit) => percent(gallery.mated === 0 ? undefined : gallery.hits[limit] / gallery.mated)),
    ...fpirTargets.map((target) => percent(gallery.tpir?.[target].tpir)),
  ]);
  rows.push([
    'all',
    '',
    '',
    '',
    ...ranks.map((limit) => percent(rank[limit])),
    ...fpirTargets.map((target) => percent(tpir?.[target])),
  ]);
  const bounds = (interval: readonly number[] | undefined): string =>
    interval === undefined ? '-' : interval.map(percent).join(' .. ');
  if (drawn !== undefined) {
    rows.push([
      '95 % interval',
      '',
      '',
      '',
      ...ranks.map((limit) => bounds(drawn.rankInterval[limit])),
      ...fpirTargets.map((target) => bounds(drawn.tpirInterval[target])),
    ]);
  }
  const numeric = (heading: string) => ({ heading, numeric: true });
  return [
    renderTable(
      [
        { heading: '' },
        numeric('entries'),
        numeric('mated'),
        numeric('non-mated'),
        ...ranks.map((limit) => numeric(`rank-${limit} %`)),
        ...fpirTargets.map((target) => numeric(`TPIR % @ ${target}`)),
      ],
      rows,
    ),
    '',
    `${probes.toLocaleString('en')} probes`,
  ].join('\n');
}
