import { formatCount } from '@retinabench/results';
import { significant } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type TermRow, termChart } from './term-chart.js';

/** The multi-task loss by term, a group of bars per term. */
export function lossPanel(selection: Selection): HTMLElement | undefined {
  return termPanel(selection, {
    title: 'Validation loss by term',
    hint: 'Lower is better; terms as they are weighted in the record. A term is comparable only within one protocol.',
    axisTitle: 'Loss',
    rowsOf: (record) => Object.entries(record.loss ?? {}).map(([term, value]) => ({ record, term, value })),
    format: significant,
  });
}

/** Positive anchors by level or by face height: why small faces fail. */
export function positivesPanel(selection: Selection): HTMLElement | undefined {
  const groups = [...new Set(selection.data.records.flatMap(({ positives }) => Object.keys(positives ?? {})))];
  if (groups.length === 0) return undefined;
  const by = labelledSelect('by', groups);
  return termPanel(selection, {
    title: 'Positive anchors',
    hint: 'A face without a positive anchor teaches nothing and is hardly found.',
    axisTitle: 'Positive anchors',
    rowsOf: (record) =>
      Object.entries(record.positives?.[by.value] ?? {}).map(([term, value]) => ({ record, term, value })),
    format: formatCount,
    control: by,
  });
}

interface TermView {
  readonly title: string;
  readonly hint: string;
  readonly axisTitle: string;
  readonly rowsOf: (record: PageRecord) => TermRow[];
  readonly format: (value: number) => string;
  readonly control?: HTMLSelectElement;
}

function termPanel(selection: Selection, view: TermView): HTMLElement | undefined {
  const { data } = selection;
  const { title, hint, axisTitle, rowsOf, format, control } = view;
  const rows = data.records.flatMap(rowsOf);
  if (rows.length === 0) return undefined;
  return chartPanel<'bar', TermRow>({
    title,
    hint,
    selection,
    ...(control === undefined ? {} : { controls: [control] }),
    draw: () => {
      const records = selection.shown((record) => rowsOf(record).length > 0);
      if (records.length === 0) return undefined;
      const terms = new Map(records.map((record) => [record, rowsOf(record)]));
      return { ...termChart({ axisTitle, terms, format, colours: chartColours(themeColour, data.records) }), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Term', value: ({ term }) => term },
      { heading: 'Value', numeric: true, value: ({ value }) => value, show: ({ value }) => format(value) },
    ],
  });
}
