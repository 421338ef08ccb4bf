import { formatCount } from '@retinabench/results';
import { significant } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis } from '../axes.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { seriesIndex, seriesStyle, translucent } from '../palette.js';
import type { Selection } from '../selection.js';
import { recordLink } from '../source-note.js';
import { themeColour } from '../theme.js';

interface TermRow {
  readonly record: PageRecord;
  readonly term: string;
  readonly value: number;
}

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
  const rows = data.records.flatMap(view.rowsOf);
  if (rows.length === 0) return undefined;
  return chartPanel<'bar', TermRow>({
    title: view.title,
    hint: view.hint,
    selection,
    ...(view.control === undefined ? {} : { controls: [view.control] }),
    draw: () => {
      const records = selection.shown((record) => view.rowsOf(record).length > 0);
      if (records.length === 0) return undefined;
      const terms = [...new Set(records.flatMap(view.rowsOf).map(({ term }) => term))];
      return {
        summary: records
          .map((record) => {
            const values = view.rowsOf(record).map(({ term, value }) => `${term} ${view.format(value)}`);
            return `${record.key} ${record.label}: ${values.join(', ')}`;
          })
          .join('; '),
        records,
        config: {
          type: 'bar',
          data: {
            labels: terms,
            datasets: records.map((record) => {
              const { colour, shape } = seriesStyle(themeColour, seriesIndex(data.records, record));
              const values = new Map(view.rowsOf(record).map(({ term, value }) => [term, value]));
              return {
                label: record.label,
                data: terms.map((term) => values.get(term) ?? null),
                backgroundColor: translucent(colour, 0.8),
                borderColor: colour,
                borderWidth: 1,
                borderRadius: 3,
                pointStyle: shape,
              };
            }),
          },
          options: {
            interaction: { mode: 'index', intersect: false },
            scales: {
              x: { type: 'category' },
              y: { ...axis(themeColour, view.axisTitle), type: 'linear', beginAtZero: true },
            },
            plugins: {
              tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${view.format(Number(raw))}` } },
            },
          },
        },
      };
    },
    rows,
    columns: [
      {
        heading: 'Record',
        value: ({ record }) => `${record.key} ${record.label}`,
        show: ({ record }) => recordLink(data, record),
      },
      { heading: 'Term', value: ({ term }) => term },
      { heading: 'Value', numeric: true, value: ({ value }) => value, show: ({ value }) => view.format(value) },
    ],
  });
}
