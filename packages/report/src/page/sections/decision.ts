import type { AccuracyColumn, DecisionRow, DecisionTable, LatencyColumn } from '../../decision/decision-table.js';
import { nameOf } from '../../decision/decision-words.js';
import { formatBytes, formatPoints } from '../../format/number.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData } from '../page-data.js';
import { type Column, dataTable } from '../parts/data-table.js';
import { swatch } from '../parts/swatch.js';
import { accuracyCell, bounds, parityCell, timeCell } from './decision-cells.js';

/** Model by backend by scale, a table for each way of scoring and data set: what the page is opened for. */
export function decisionSection(data: PageData): HtmlNode[] {
  return data.decisions.flatMap((table) => tableNodes(data, table));
}

function tableNodes(data: PageData, table: DecisionTable): HtmlNode[] {
  const { title, rows, sentences, notes } = table;
  const several = data.decisions.length > 1;
  return [
    ...(several ? [html('h3', { class: 'decision-title' }, title)] : []),
    ...(sentences.length === 0
      ? []
      : [html('ul', { class: 'verdict' }, ...sentences.map((sentence) => html('li', {}, sentence)))]),
    dataTable<DecisionRow>({
      name: several ? `Detectors on ${title}` : 'Detectors side by side',
      className: 'decision',
      labelled: true,
      rows,
      filter: rows.length > 8,
      rowClass: ({ isBaseline }) => (isBaseline ? 'baseline' : undefined),
      columns: columnsOf(data, table),
    }),
    ...publishedNodes(data, table),
    html(
      'p',
      { class: 'source' },
      [several ? '' : `${title}. `, legend(table), ...notes].filter((part) => part !== '').join(' '),
    ),
  ];
}

/** Whether the APs compare with published ones: once for all rows of which the same is to be said. */
function publishedNodes(data: PageData, { rows }: DecisionTable): HtmlNode[] {
  const told = rows.flatMap((row) => {
    const record = data.records.find(({ key }) => key === row.key);
    return (record?.published ?? []).map((text) => `${text.startsWith('compares') ? nameOf(row) : row.model} ${text}.`);
  });
  if (told.length === 0) return [];
  return [html('ul', { class: 'source published' }, ...[...new Set(told)].map((said) => html('li', {}, said)))];
}

function columnsOf(data: PageData, { rows, accuracy, latency }: DecisionTable): Column<DecisionRow>[] {
  const baseline = rows.find(({ isBaseline }) => isBaseline);
  const has = (value: (row: DecisionRow) => unknown): boolean => rows.some((row) => value(row) !== undefined);
  const optional = (column: Column<DecisionRow>): Column<DecisionRow>[] => (has(column.value) ? [column] : []);
  return [
    {
      heading: 'Model',
      value: ({ model, detail }) => [model, detail].filter(Boolean).join(' '),
      show: (row) => modelCell(data, row),
    },
    ...optional({ heading: 'Backend', value: ({ backend }) => backend }),
    ...optional({
      heading: 'Scale',
      value: ({ scale }) => scale,
      show: ({ scale }) => (scale === undefined ? '' : html('span', { class: 'word' }, scale)),
    }),
    ...accuracy.map((column) => accuracyColumn(column)),
    ...latency.map((column) => latencyColumn(column, latency.length > 1, baseline)),
    ...optional({
      heading: 'Size',
      numeric: true,
      value: ({ bytes }) => bytes,
      show: ({ bytes }) => (bytes === undefined ? '' : formatBytes(bytes)),
    }),
    ...optional({
      heading: 'Memory',
      numeric: true,
      value: ({ memoryPeakBytes }) => memoryPeakBytes,
      show: ({ memoryPeakBytes }) => (memoryPeakBytes === undefined ? '' : formatBytes(memoryPeakBytes)),
    }),
    ...optional({
      heading: 'Landmark NME',
      numeric: true,
      value: ({ landmarks }) => landmarks?.nme,
      show: ({ landmarks }) =>
        landmarks === undefined ? '' : html('span', {}, formatPoints(landmarks.nme), ...bounds(landmarks.interval)),
    }),
    ...optional({
      heading: 'Parity',
      value: ({ parity }) => parity?.verdict,
      show: ({ parity }) => (parity === undefined ? '' : parityCell(parity)),
    }),
  ];
}

function modelCell(data: PageData, row: DecisionRow): HtmlNode {
  const key = row.key ?? Object.values(row.latency)[0]?.key;
  const record = data.records.find((one) => one.key === key);
  return html(
    'span',
    { class: 'record-link' },
    ...(record === undefined ? [] : [swatch(data, record)]),
    html(
      'span',
      {},
      record === undefined ? row.model : html('a', { href: `#${record.key}` }, row.model),
      ...(row.detail === undefined ? [] : [html('small', {}, row.detail)]),
      ...(row.isBaseline || row.isPareto
        ? [
            html(
              'span',
              { class: 'tags' },
              ...(row.isBaseline ? [html('span', { class: 'tag' }, 'baseline')] : []),
              ...(row.isBaseline && row.isPareto ? [' '] : []),
              ...(row.isPareto ? [html('span', { class: 'tag pareto' }, 'Pareto')] : []),
            ),
          ]
        : []),
    ),
  );
}

function accuracyColumn({ key, heading }: AccuracyColumn): Column<DecisionRow> {
  return {
    heading,
    numeric: true,
    value: ({ accuracy }) => accuracy[key]?.value,
    show: ({ accuracy }) => {
      const cell = accuracy[key];
      return cell === undefined ? '' : accuracyCell(key, cell);
    },
  };
}

function latencyColumn(
  { id, heading }: LatencyColumn,
  several: boolean,
  baseline: DecisionRow | undefined,
): Column<DecisionRow> {
  const name = several ? `Time, ${heading}` : 'Time';
  return {
    heading: name,
    shownHeading: html('span', {}, 'Time', html('small', {}, heading)),
    numeric: true,
    value: ({ latency }) => latency[id]?.medianMs,
    show: (row) => {
      const cell = row.latency[id];
      return cell === undefined ? '' : timeCell(cell, row === baseline);
    },
  };
}

function legend({ rows, accuracy, latency }: DecisionTable): string {
  const baseline = rows.find(({ isBaseline }) => isBaseline);
  const accuracies = rows.flatMap((row) => Object.values(row.accuracy));
  const stands = [...accuracies, ...rows.flatMap((row) => Object.values(row.latency))].map((cell) => cell.standing);
  return [
    baseline === undefined || rows.length < 2
      ? ''
      : `Small print: 95 % interval; then the difference to the baseline, ${nameOf(baseline)}, in points with its paired 95 % interval${latency.length > 0 ? ', and the time as a multiple of its time' : ''}.`,
    stands.includes('same') ? '= best: no image or time differs from the best.' : '',
    stands.includes('alike')
      ? '≈ best: cannot be told apart from the best by a 95 % interval; the number says how many images or rounds would tell.'
      : '',
    rows.some(({ isPareto }) => isPareto)
      ? `Pareto: no other row is faster without losing ${accuracy.at(-1)?.heading}, nor better without being slower.`
      : '',
    accuracies.some(({ difference }) => difference?.mark === 'uncertain')
      ? 'Orange: differs by itself, not certain among so many numbers (Holm).'
      : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
