import { formatCount, type Interval } from '@retinabench/results';
import { formatBytes, formatMs, formatPoints } from '../../src/format/number.js';
import type { PageData, PageRecord } from '../../src/page/page-data.js';
import { type Column, dataTable } from '../data-table.js';
import { element } from '../element.js';
import { recordLink } from '../source-note.js';
import { type Leader, type LeaderOptions, landmarkLeaders, leaderOf } from './leader.js';

/** The best of the page at a glance, and the table of all records. */
export function overviewSection(data: PageData): HTMLElement[] {
  return [element('div', { class: 'tiles' }, ...tiles(data)), recordTable(data)];
}

function tiles(data: PageData): HTMLElement[] {
  const tileOf = (
    leader: Leader | undefined,
    format: (value: number) => string,
    interval: (record: PageRecord) => Interval | undefined = () => undefined,
  ) => {
    if (leader === undefined) return [];
    const { heading, record, number } = leader;
    const bounds = interval(record);
    const shown = bounds === undefined ? [] : [element('small', {}, `95 %: ${bounds.map(formatPoints).join(' – ')}`)];
    return [tile(heading, format(number), ...shown, recordLink(data, record))];
  };
  const best = (
    title: string,
    value: LeaderOptions['value'],
    interval?: (record: PageRecord) => Interval | undefined,
  ) => tileOf(leaderOf(data.records, { title, value, better: 'higher' }), formatPoints, interval);
  const lowest = (title: string, value: LeaderOptions['value'], format: (value: number) => string, anywhere = false) =>
    tileOf(leaderOf(data.records, { title, value, better: 'lower', anywhere }), format);
  const marks = ['better', 'worse', 'uncertain', 'not told apart', 'same', 'not comparable'].flatMap((mark) => {
    const count = data.records.flatMap(({ compared }) => compared).filter((number) => number.mark === mark).length;
    return count === 0 ? [] : [element('span', { class: `mark ${mark.replaceAll(' ', '-')}` }, `${count} ${mark}`)];
  });
  const compared = marks.length === 0 ? [] : [tile('Numbers against the baseline', '', ...marks)];
  return [
    ...best(
      'AP, hard',
      ({ ap }) => ap?.hard,
      ({ interval }) => interval?.hard,
    ),
    ...best(
      'AP of detection',
      ({ detection }) => detection?.values.ap,
      ({ detection }) => detection?.interval?.ap,
    ),
    ...landmarkLeaders(data.records).flatMap((leader) =>
      tileOf(leader, formatPoints, ({ landmarks }) => landmarks?.interval?.nme),
    ),
    ...best('TAR at FAR 1e-4', decidedTar, ({ tar }) => tar?.['1e-4']?.interval),
    ...lowest('total latency', ({ latencyMs }) => latencyMs?.total?.median, formatMs),
    ...lowest('model size', ({ model }) => model?.bytes, formatBytes, true),
    ...compared,
  ];
}

/** TAR at FAR 1e-4, where enough impostor pairs decide it to call one the best. */
function decidedTar({ tar }: PageRecord): number | undefined {
  const point = tar?.['1e-4'];
  return point?.unresolved === true ? undefined : point?.tar;
}

function tile(title: string, figure: string, ...rest: HTMLElement[]): HTMLElement {
  const shown = figure === '' ? [] : [element('p', { class: 'figure' }, figure)];
  return element(
    'div',
    { class: 'tile' },
    element('p', { class: 'tile-title' }, title),
    ...shown,
    element('p', { class: 'tile-rest' }, ...rest),
  );
}

/** Numbers of detection records that have a column. */
const detectionHeadings = [
  ['ap', 'AP'],
  ['ap50', 'AP50'],
  ['apSmall', 'AP small'],
  ['f1', 'F1'],
  ['missRate', 'Miss rate'],
] as const;

function recordTable(data: PageData): HTMLElement {
  const has = (value: (record: PageRecord) => unknown): boolean =>
    data.records.some((record) => value(record) !== undefined);
  const apColumns = (['easy', 'medium', 'hard'] as const).map(
    (split): Column<PageRecord> => ({
      heading: `AP ${split}`,
      numeric: true,
      value: ({ ap }) => ap?.[split],
      show: ({ ap, interval }) => withInterval(ap?.[split], interval?.[split]),
    }),
  );
  const detectionColumns = detectionHeadings.map(
    ([name, heading]): Column<PageRecord> => ({
      heading,
      numeric: true,
      value: ({ detection }) => detection?.values[name],
      show: ({ detection }) => withInterval(detection?.values[name], detection?.interval?.[name]),
    }),
  );
  const columns: Column<PageRecord>[] = [
    { heading: 'Record', value: ({ key, label }) => `${key} ${label}`, show: (record) => recordLink(data, record) },
    { heading: 'Kind', value: ({ kind }) => kind },
    { heading: 'Backend', value: ({ backend }) => backend?.id },
    ...(has(({ ap }) => ap) ? apColumns : []),
    ...detectionColumns,
    {
      heading: 'Total',
      numeric: true,
      value: ({ latencyMs }) => latencyMs?.total?.median,
      show: ({ latencyMs }) => (latencyMs?.total === undefined ? '' : formatMs(latencyMs.total.median)),
    },
    {
      heading: 'Parameters',
      numeric: true,
      value: ({ model }) => model?.parameters,
      show: ({ model }) => (model?.parameters === undefined ? '' : formatCount(model.parameters)),
    },
    {
      heading: 'Model size',
      numeric: true,
      value: ({ model }) => model?.bytes,
      show: ({ model }) => (model?.bytes === undefined ? '' : formatBytes(model.bytes)),
    },
    {
      heading: 'Peak memory',
      numeric: true,
      value: ({ memoryPeakBytes }) => memoryPeakBytes,
      show: ({ memoryPeakBytes }) => (memoryPeakBytes === undefined ? '' : formatBytes(memoryPeakBytes)),
    },
    {
      heading: 'Data set',
      value: ({ dataset }) => (dataset === undefined ? undefined : `${dataset.name} (${dataset.images})`),
    },
    {
      heading: 'Protocol',
      value: ({ protocol }) => protocol.id,
      show: ({ protocol }) => element('code', {}, protocol.id),
    },
    { heading: 'Made', value: ({ createdAt }) => createdAt.slice(0, 10) },
  ];
  const used = columns.filter(({ value }) => data.records.some((record) => value(record) !== undefined));
  return dataTable({ name: 'Records', columns: used, rows: data.records, filter: true });
}

/** A share in percent with its 95 % interval in small print. */
export function withInterval(
  value: number | undefined,
  interval: readonly [number, number] | undefined,
): HTMLElement | string {
  if (value === undefined) return '';
  if (interval === undefined) return formatPoints(value);
  const [low, high] = interval.map((bound) => (bound * 100).toFixed(2));
  return element('span', {}, formatPoints(value), element('small', {}, `${low} – ${high}`));
}
