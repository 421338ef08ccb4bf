import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { percentAxis } from '../axes.js';
import { chartPanel } from '../chart-panel.js';
import { seriesIndex, seriesStyle } from '../palette.js';
import type { Selection } from '../selection.js';
import { recordLink } from '../source-note.js';
import { themeColour } from '../theme.js';

interface Row {
  readonly record: PageRecord;
  readonly recall: number;
  readonly precision: number;
}

/** Precision against recall of one split, a line per record. */
export function precisionRecallPanel(selection: Selection, split: string): HTMLElement | undefined {
  const { data } = selection;
  const has = ({ curves }: PageRecord): boolean => (curves?.[split]?.recall.length ?? 0) > 0;
  const withCurve = data.records.filter(has);
  if (withCurve.length === 0) return undefined;
  const apOf = ({ ap }: PageRecord): number | undefined => ap?.[split as 'easy' | 'medium' | 'hard'];
  const named = (record: PageRecord): string => {
    const ap = apOf(record);
    return ap === undefined ? record.label : `${record.label} (${formatPoints(ap)})`;
  };
  const rows: Row[] = withCurve.flatMap((record) =>
    (record.curves?.[split]?.recall ?? []).map((recall, index) => ({
      record,
      recall,
      precision: record.curves?.[split]?.precision[index] ?? 0,
    })),
  );
  return chartPanel<'line', Row>({
    title: `Precision and recall, ${split}`,
    hint: 'The further up and to the right, the better; AP is the area under the line.',
    selection,
    draw: () => {
      const records = selection.shown(has);
      if (records.length === 0) return undefined;
      return {
        summary: records.map((record) => `${record.key} ${named(record)}`).join('; '),
        records,
        config: {
          type: 'line',
          data: {
            datasets: records.map((record) => {
              const { colour, dash, shape } = seriesStyle(themeColour, seriesIndex(data.records, record));
              const curve = record.curves?.[split];
              return {
                label: named(record),
                data: (curve?.recall ?? []).map((x, index) => ({ x, y: curve?.precision[index] ?? 0 })),
                borderColor: colour,
                backgroundColor: colour,
                borderDash: [...dash],
                borderWidth: 2,
                pointRadius: 0,
                pointStyle: shape,
              };
            }),
          },
          options: {
            interaction: { mode: 'nearest', axis: 'x', intersect: false },
            scales: { x: percentAxis(themeColour, 'Recall'), y: percentAxis(themeColour, 'Precision') },
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
      { heading: 'Recall', numeric: true, value: ({ recall }) => recall },
      { heading: 'Precision', numeric: true, value: ({ precision }) => precision },
    ],
  });
}
