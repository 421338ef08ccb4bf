import { formatCount } from '@retinabench/results';
import { formatPoints } from '../../src/format/number.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type BreakdownMetric, type BreakdownRow, breakdownChart } from './breakdown-chart.js';

/** AP and recall by an attribute of the faces: height, blur, occlusion, pose, event and so on. */
export function breakdownPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const rows: BreakdownRow[] = data.records.flatMap((record) =>
    Object.entries(record.breakdown ?? {}).flatMap(([attribute, bins]) =>
      Object.entries(bins).map(([bin, result]) => ({ record, attribute, bin, result })),
    ),
  );
  if (rows.length === 0) return undefined;
  const by = labelledSelect('by', [...new Set(rows.map(({ attribute }) => attribute))]);
  const metric = labelledSelect('of', ['AP', 'recall'] satisfies BreakdownMetric[]);

  return chartPanel<'bar', BreakdownRow>({
    title: 'By attribute of the face',
    hint: 'Only the faces of the bin count; all others are ignored, neither hit nor missed. Bins of few faces are uncertain. The number of faces stands beside a bin where all records shown count as many, else in the table.',
    selection,
    controls: [by, metric],
    showSummary: true,
    draw: () => {
      const ofAttribute = rows.filter(({ attribute }) => attribute === by.value);
      const records = selection.shown((record) => ofAttribute.some((row) => row.record === record));
      if (records.length === 0) return undefined;
      const drawing = breakdownChart({
        rows: ofAttribute,
        records,
        attribute: by.value,
        metric: metric.value as BreakdownMetric,
        colours: chartColours(themeColour, data.records),
      });
      return { ...drawing, records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Attribute', value: ({ attribute }) => attribute },
      { heading: 'Bin', value: ({ bin }) => bin },
      {
        heading: 'Faces',
        numeric: true,
        value: ({ result }) => result.faces,
        show: ({ result }) => formatCount(result.faces),
      },
      { heading: 'AP', numeric: true, value: ({ result }) => result.ap, show: ({ result }) => formatPoints(result.ap) },
      {
        heading: 'Recall',
        numeric: true,
        value: ({ result }) => result.recall,
        show: ({ result }) => formatPoints(result.recall),
      },
    ],
  });
}
