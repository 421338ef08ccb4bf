import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { precisionRecallChart } from './precision-recall-chart.js';

interface Row {
  readonly record: PageRecord;
  readonly recall: number;
  readonly precision: number;
}

/** Precision against recall of one split, a line per record. */
export function precisionRecallPanel(selection: Selection, split: string): HTMLElement | undefined {
  const { data } = selection;
  const has = ({ curves }: PageRecord): boolean => (curves?.[split]?.recall.length ?? 0) > 0;
  const rows: Row[] = data.records.filter(has).flatMap((record) =>
    (record.curves?.[split]?.recall ?? []).map((recall, index) => ({
      record,
      recall,
      precision: record.curves?.[split]?.precision[index] ?? 0,
    })),
  );
  if (rows.length === 0) return undefined;
  return chartPanel<'line', Row>({
    title: `Precision and recall, ${split.startsWith('iou') ? `IoU ${split.slice(3)}` : split}`,
    hint: 'The further up and to the right, the better; AP is the area under the line. On a thin dotted line F1 is the same: 0.2, 0.4, 0.6, 0.8 and 0.9 from the lower left.',
    selection,
    draw: () => {
      const records = selection.shown(has);
      if (records.length === 0) return undefined;
      return { ...precisionRecallChart(records, split, chartColours(themeColour, data.records)), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Recall', numeric: true, value: ({ recall }) => recall },
      { heading: 'Precision', numeric: true, value: ({ precision }) => precision },
    ],
  });
}
