import { formatCount } from '@retinabench/results';
import type {
  AccuracyCell,
  AccuracyColumn,
  DecisionRow,
  DecisionTable,
  LatencyCell,
  LatencyColumn,
  ParityCell,
  Standing,
} from '../../decision/decision-table.js';
import { nameOf } from '../../decision/decision-words.js';
import type { NeededUnits } from '../../difference/needed-to-tell.js';
import { isShare } from '../../format/is-share.js';
import { formatBytes, formatMs, formatPointInterval, formatPoints, significant } from '../../format/number.js';
import { familyOf } from '../../gate/family-of.js';
import { type HtmlChild, type HtmlNode, html } from '../../html/node.js';
import type { PageData } from '../page-data.js';
import { type Column, dataTable } from '../parts/data-table.js';
import { swatch } from '../parts/swatch.js';

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
    ...optional({ heading: 'Scale', value: ({ scale }) => scale }),
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
      show: ({ parity }) => (parity === undefined ? '' : parityMark(parity)),
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
  const format = familyOf(key)?.family.format ?? String;
  return {
    heading,
    numeric: true,
    value: ({ accuracy }) => accuracy[key]?.value,
    show: ({ accuracy }) => {
      const cell = accuracy[key];
      if (cell === undefined) return '';
      return html(
        'span',
        { class: 'cell' },
        ...standing(cell.standing),
        format(cell.value),
        ...(isShare(key) ? bounds(cell.interval) : []),
        ...differenceOf(key, cell),
        ...wouldTell(cell.needed),
      );
    },
  };
}

function differenceOf(key: string, { difference }: AccuracyCell): HtmlNode[] {
  if (difference === undefined) return [];
  const { value, interval, mark } = difference;
  const name = mark.replaceAll(' ', '-');
  if (mark === 'not comparable') return [html('small', { class: `change ${name}` }, 'another protocol')];
  if (mark === 'same') return [html('small', { class: `change ${name}` }, 'as the baseline')];
  if (!isShare(key))
    return [html('small', { class: `change ${name}` }, `${value > 0 ? '+' : '−'}${significant(Math.abs(value))}`)];
  const text =
    interval === undefined
      ? formatPointInterval(value, [value, value]).split(' ')[0]
      : formatPointInterval(value, interval);
  return [html('small', { class: `change ${name}`, title: mark }, text)];
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

function timeCell(cell: LatencyCell, isBaseline: boolean): HtmlNode {
  const { medianMs, interval, ratio } = cell;
  const ratioText = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));
  const isCertain = ratio !== undefined && (ratio.interval[0] > 1 || ratio.interval[1] < 1);
  const mark = !isCertain ? 'not-told-apart' : ratio.value < 1 ? 'better' : 'worse';
  return html(
    'span',
    { class: 'cell' },
    ...standing(cell.standing),
    formatMs(medianMs),
    html('small', {}, interval.map(significant).join(' – ')),
    ...(ratio === undefined || isBaseline
      ? []
      : [
          html(
            'small',
            { class: `change ${mark}`, title: 'times as long as the baseline takes' },
            `× ${ratioText(ratio.value)} [${ratio.interval.map(ratioText).join(', ')}]`,
          ),
        ]),
    ...wouldTell(cell.needed),
  );
}

function parityMark({ verdict, detail }: ParityCell): HtmlNode {
  const mark = { reference: 'same', 'within tolerance': 'same', 'past tolerance': 'worse', failed: 'worse' }[verdict];
  return html(
    'span',
    {},
    html('span', { class: `mark ${mark}` }, verdict),
    ...(detail === undefined ? [] : [html('small', {}, detail)]),
  );
}

function bounds(interval: readonly [number, number] | undefined): HtmlNode[] {
  if (interval === undefined) return [];
  return [html('small', {}, interval.map((bound) => (bound * 100).toFixed(2)).join(' – '))];
}

function standing(of: Standing | undefined): HtmlChild[] {
  if (of === undefined) return [];
  const text = { best: 'best', same: '= best', alike: '≈ best' }[of];
  return [html('span', { class: `tag ${of}` }, text), ' '];
}

function wouldTell(needed: NeededUnits | undefined): HtmlNode[] {
  if (needed === undefined) return [];
  return [html('small', { class: 'needed' }, `${formatCount(needed.count)} ${needed.unit} tell`)];
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
