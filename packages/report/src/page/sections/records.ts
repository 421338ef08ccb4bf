import { formatCount, type ResultRecord } from '@retinabench/results';
import { headlineValues } from '../../baseline/headline.js';
import { formatBytes, formatMs } from '../../format/number.js';
import { familyOf } from '../../gate/family-of.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { type Column, dataTable } from '../parts/data-table.js';
import { numberColumn } from '../parts/number-column.js';
import { recordLink } from '../parts/source-note.js';
import { withInterval } from '../parts/with-interval.js';

/** Numbers of detection records that have a column. */
const detectionHeadings = [
  ['ap', 'AP'],
  ['ap50', 'AP50'],
  ['apSmall', 'AP small'],
  ['f1', 'F1'],
  ['missRate', 'Miss rate'],
] as const;

/** All records, one a row. */
export function recordTable(data: PageData): HtmlNode {
  const columns: Column<PageRecord>[] = [
    { heading: 'Record', value: ({ key, label }) => `${key} ${label}`, show: (record) => recordLink(data, record) },
    { heading: 'Kind', value: ({ kind }) => kind },
    { heading: 'Backend', value: ({ backend }) => backend?.id },
    ...apColumns(),
    ...detectionColumns(),
    numberColumn('Total', ({ latencyMs }) => latencyMs?.total?.median, formatMs),
    numberColumn('Parameters', ({ model }) => model?.parameters, formatCount),
    numberColumn('Model size', ({ model }) => model?.bytes, formatBytes),
    numberColumn('Peak memory', ({ memoryPeakBytes }) => memoryPeakBytes, formatBytes),
    {
      heading: 'Data set',
      value: ({ dataset }) => (dataset === undefined ? undefined : `${dataset.name} (${dataset.images})`),
    },
    {
      heading: 'Protocol',
      value: ({ protocol }) => protocol.id,
      show: ({ protocol }) => html('code', {}, protocol.id),
    },
    { heading: 'Made', value: ({ createdAt }) => createdAt.slice(0, 10) },
  ];
  const used = columns.filter(({ value }) => data.records.some((record) => value(record) !== undefined));
  return dataTable({ name: 'Records', columns: used, rows: data.records, filter: true });
}

/** AP by split, each with its interval. */
function apColumns(): Column<PageRecord>[] {
  return (['easy', 'medium', 'hard'] as const).map((split) => ({
    heading: `AP ${split}`,
    numeric: true,
    value: ({ ap }) => ap?.[split],
    show: ({ ap, interval }) => withInterval(ap?.[split], interval?.[split]),
  }));
}

function detectionColumns(): Column<PageRecord>[] {
  return detectionHeadings.map(([name, heading]) => ({
    heading,
    numeric: true,
    value: ({ detection }) => detection?.values[name],
    show: ({ detection }) => withInterval(detection?.values[name], detection?.interval?.[name]),
  }));
}

/** Every number that a gate can rule on, a row each, a column a record; folded. */
export function numbersTable(data: PageData): HtmlNode[] {
  const values = data.records.map((record) => ({ record, numbers: headlineValues(record as ResultRecord) }));
  const keys = [...new Set(values.flatMap(({ numbers }) => Object.keys(numbers)))];
  if (keys.length === 0) return [];
  const table = dataTable<string>({
    name: 'All numbers',
    rows: keys,
    columns: [
      { heading: 'Number', value: (key) => key, show: (key) => html('code', {}, key) },
      ...values
        .filter(({ numbers }) => Object.keys(numbers).length > 0)
        .map(
          ({ record, numbers }): Column<string> => ({
            heading: `${record.key} ${record.label}`,
            shownHeading: html('a', { href: `#${record.key}`, title: record.label }, record.key),
            numeric: true,
            value: (key) => numbers[key],
            show: (key) => (numbers[key] === undefined ? '' : (familyOf(key)?.family.format(numbers[key]) ?? '')),
          }),
        ),
    ],
  });
  return [
    html('details', { class: 'all-numbers' }, html('summary', {}, `All ${keys.length} numbers of the records`), table),
  ];
}
