import { formatCount, type Interval } from '@retinabench/results';
import { formatBytes, formatMs, formatPoints } from '../../src/format/number.js';
import type { PageData, PageRecord } from '../../src/page/page-data.js';
import { type Column, dataTable } from '../data-table.js';
import { element } from '../element.js';
import { severalConditions } from '../several-conditions.js';
import { recordLink } from '../source-note.js';

/** The best of the page at a glance, and the table of all records. */
export function overviewSection(data: PageData): HTMLElement[] {
  return [element('div', { class: 'tiles' }, ...tiles(data)), recordTable(data)];
}

function tiles(data: PageData): HTMLElement[] {
  const best = (
    title: string,
    value: (record: PageRecord) => number | undefined,
    format: (value: number) => string,
    sign: 1 | -1,
    interval: (record: PageRecord) => Interval | undefined = () => undefined,
  ) => {
    const ranked = data.records
      .flatMap((record) => {
        const number = value(record);
        return number === undefined ? [] : [{ record, number }];
      })
      .sort((a, b) => sign * (a.number - b.number));
    const first = ranked[0];
    if (first === undefined) return [];
    // Across protocols or data sets the extreme is no winner, and is not called one.
    const conditions = severalConditions(ranked.map(({ record }) => record));
    const heading =
      sign === 1
        ? `Lowest ${title}`
        : conditions === undefined
          ? `Best ${title}`
          : `Highest ${title}, of ${conditions}`;
    const bounds = interval(first.record);
    const shown = bounds === undefined ? [] : [element('small', {}, `95 %: ${bounds.map(formatPoints).join(' – ')}`)];
    return [tile(heading, format(first.number), ...shown, recordLink(data, first.record))];
  };
  const marks = ['better', 'worse', 'uncertain', 'not told apart', 'same', 'not comparable'].flatMap((mark) => {
    const count = data.records.flatMap(({ compared }) => compared).filter((number) => number.mark === mark).length;
    return count === 0 ? [] : [element('span', { class: `mark ${mark.replaceAll(' ', '-')}` }, `${count} ${mark}`)];
  });
  const compared = marks.length === 0 ? [] : [tile('Numbers against the baseline', '', ...marks)];
  return [
    ...best(
      'AP, hard',
      ({ ap }) => ap?.hard,
      formatPoints,
      -1,
      ({ interval }) => interval?.hard,
    ),
    ...best(
      'AP of detection',
      ({ detection }) => detection?.values.ap,
      formatPoints,
      -1,
      ({ detection }) => detection?.interval?.ap,
    ),
    ...best(
      'landmark error',
      ({ landmarks, protocol }) => (protocol.normaliser === 'pixels' ? undefined : landmarks?.matchedOnly?.nme),
      formatPoints,
      1,
      ({ landmarks }) => landmarks?.interval?.nme,
    ),
    ...best('TAR at FAR 1e-4', decidedTar, formatPoints, -1, ({ tar }) => tar?.['1e-4']?.interval),
    ...best('total latency', ({ latencyMs }) => latencyMs?.total?.median, formatMs, 1),
    ...best('model size', ({ model }) => model?.bytes, formatBytes, 1),
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
