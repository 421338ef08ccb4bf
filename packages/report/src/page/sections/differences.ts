import { formatCount } from '@retinabench/results';
import { comparisonNotes, howWithoutNote } from '../../compare/comparison-notes.js';
import { countTested } from '../../compare/control-marks.js';
import { isShare } from '../../format/is-share.js';
import { formatChange, formatPointDifference, pointDigits } from '../../format/number.js';
import { familyOf } from '../../gate/family-of.js';
import { type HtmlChild, type HtmlNode, html } from '../../html/node.js';
import type { ComparedNumber, PageData, PageRecord } from '../page-data.js';
import { type Column, dataTable } from '../parts/data-table.js';
import { recordColumn } from '../parts/record-column.js';
import { recordLink, sourceNote } from '../parts/source-note.js';
import { differenceBar, type ScaledDifference } from './difference-bar.js';
import { keyRange } from './key-range.js';

interface Row {
  readonly record: PageRecord;
  readonly number: ComparedNumber;
  readonly scaled: ScaledDifference | undefined;
  readonly points: boolean;
}

/** Every number of every record against its baseline, with interval and mark. */
export function differencesSection(data: PageData): HtmlNode[] {
  const rows = data.records.flatMap((record) => record.compared.map((number) => rowOf(record, number)));
  if (rows.length === 0) return [];
  return [
    html('p', { class: 'counts' }, ...counts(rows)),
    html('p', { class: 'hint' }, ...explanation(data, rows)),
    ...notes(data),
    html(
      'p',
      { class: 'source print-only' },
      `Printed without the ${rows.filter(({ number }) => isQuiet(number)).length} numbers that are the same or not comparable.`,
    ),
    dataTable<Row>({
      name: 'Differences from the baseline',
      rows,
      filter: true,
      choices: ['Mark', 'Number'],
      className: 'differences',
      rowClass: ({ number }) => (isQuiet(number) ? 'quiet-row' : undefined),
      columns: columnsOf(data, rows),
    }),
    sourceNote(
      data.records.filter((record) =>
        rows.some((row) => row.record === record || row.record.baselineKey === record.key),
      ),
    ),
  ];
}

/** How many numbers have each mark. */
function counts(rows: readonly Row[]): HtmlChild[] {
  const marks = rows.map(({ number }) => number.mark);
  return [...new Set(marks)].flatMap((mark) => [
    markOf(mark, `${marks.filter((one) => one === mark).length} ${mark}`),
    ' ',
  ]);
}

function explanation(data: PageData, rows: readonly Row[]): HtmlChild[] {
  const baselines = data.records.filter((record) => rows.some((row) => row.record.baselineKey === record.key));
  return [
    'Baseline: ',
    ...baselines.flatMap((record, index) => [index === 0 ? '' : ', ', recordLink(data, record)]),
    `. A number is better or worse if its 95 % interval leaves out zero and its p-value stays below 5 % after Holm's adjustment for all ${countTested(rows.map(({ number }) => number))} numbers with an interval: one or more of these marks are false with probability 5 % at most. Uncertain is what would be better or worse by itself, and is not certain among so many; not told apart is what differs by less than its interval. AP is compared by the paired interval over the images that both records hold.`,
  ];
}

function columnsOf(data: PageData, rows: readonly Row[]): Column<Row>[] {
  const scales = { points: largestOf(rows, true), relative: largestOf(rows, false) };
  return [
    recordColumn(data),
    { heading: 'Number', value: ({ number }) => number.key, show: ({ number }) => html('code', {}, number.key) },
    {
      heading: 'Baseline',
      numeric: true,
      value: ({ number }) => number.baseline,
      show: ({ number }) => written(number.key, number.baseline),
    },
    {
      heading: 'Value',
      numeric: true,
      value: ({ number }) => number.value,
      show: ({ number }) => written(number.key, number.value),
    },
    {
      heading: 'Difference',
      numeric: true,
      value: ({ scaled }) => scaled?.difference,
      show: (row) => differenceText(row),
    },
    {
      heading: '95 % interval',
      value: ({ scaled }) => scaled?.interval?.join(' '),
      show: ({ scaled, number, points }) =>
        scaled === undefined ? '' : differenceBar(scaled, number.mark, points ? scales.points : scales.relative),
    },
    {
      heading: 'Mark',
      value: ({ number }) => number.mark,
      show: ({ number: { mark, needed } }) =>
        html(
          'span',
          {},
          markOf(mark, mark),
          ...(needed === undefined ? [] : [html('small', {}, `${formatCount(needed.count)} ${needed.unit} tell`)]),
        ),
    },
    {
      heading: 'How',
      value: ({ number }) => number.how,
      show: ({ number }) => html('small', {}, howWithoutNote(number)),
    },
  ];
}

/** The largest difference, or end of an interval, of the rows in points, or of the others. */
function largestOf(rows: readonly Row[], points: boolean): number {
  const differences = rows
    .filter((row) => row.points === points)
    .map(({ scaled }) => Math.max(...(scaled?.interval ?? [scaled?.difference ?? 0]).map(Math.abs)));
  return Math.max(...differences, 1e-6);
}

function markOf(mark: ComparedNumber['mark'], text: string): HtmlNode {
  return html('span', { class: `mark ${mark.replaceAll(' ', '-')}` }, text);
}

/** What is to be said of several numbers, once for all records that it is said of, above the table. */
function notes({ records }: PageData): HtmlNode[] {
  const keysOf = new Map<string, string[]>();
  for (const { key, compared } of records) {
    for (const { numbers, text } of comparisonNotes(compared)) {
      const said = `, ${numbers}: ${text}.`;
      keysOf.set(said, [...(keysOf.get(said) ?? []), key]);
    }
  }
  if (keysOf.size === 0) return [];
  const lines = [...keysOf].map(([said, keys]) => html('li', {}, `${keyRange(keys)}${said}`));
  return [html('ul', { class: 'source' }, ...lines)];
}

/** Says nothing that a decision turns on: left out of what is printed. */
function isQuiet({ mark }: ComparedNumber): boolean {
  return mark === 'same' || mark === 'not comparable';
}

function rowOf(record: PageRecord, number: ComparedNumber): Row {
  const points = isShare(number.key);
  const { difference, interval, baseline } = number;
  if (difference === undefined || (!points && baseline === 0)) return { record, number, points, scaled: undefined };
  const factor = points ? 1 : 1 / baseline;
  const scaled = {
    difference: difference * factor,
    ...(interval === undefined ? {} : { interval: [interval[0] * factor, interval[1] * factor] as const }),
  };
  return { record, number, points, scaled };
}

function written(key: string, value: number): string {
  return familyOf(key)?.family.format(value) ?? String(value);
}

function differenceText({ scaled, points }: Row): HtmlNode | string {
  if (scaled === undefined) return '';
  const { difference, interval } = scaled;
  const digits = interval === undefined ? 2 : pointDigits(interval);
  const format = (value: number): string => (points ? formatPointDifference(value, digits) : formatChange(value));
  if (interval === undefined) return format(difference);
  const [low, high] = interval.map(format);
  return html('span', {}, format(difference), html('small', {}, `${low} to ${high}`));
}
