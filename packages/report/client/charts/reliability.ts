import { formatCount } from '@retinabench/results';
import { significant } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type FilledBin, filledBins, reliabilityChart } from './reliability-chart.js';

interface Row extends FilledBin {
  readonly record: PageRecord;
}

/** Scores against the share of detections that are right. */
export function reliabilityPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const has = (record: PageRecord): boolean => filledBins(record).length > 0;
  const rows = data.records.flatMap((record) => filledBins(record).map((bin): Row => ({ ...bin, record })));
  if (rows.length === 0) return undefined;
  return chartPanel<'line', Row>({
    title: 'Reliability of scores',
    hint: 'On the dashed line a score is the share of such detections that are right; below it the detector is too sure. Larger points are bins of more detections.',
    selection,
    showSummary: true,
    draw: () => {
      const records = selection.shown(has);
      if (records.length === 0) return undefined;
      return { ...reliabilityChart(records, chartColours(themeColour, data.records)), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Scores from', numeric: true, value: ({ low }) => low, show: ({ low }) => significant(low) },
      { heading: 'to', numeric: true, value: ({ high }) => high, show: ({ high }) => significant(high) },
      { heading: 'Detections', numeric: true, value: ({ count }) => count, show: ({ count }) => formatCount(count) },
      {
        heading: 'Mean score',
        numeric: true,
        value: ({ meanScore }) => meanScore,
        show: ({ meanScore }) => meanScore.toFixed(3),
      },
      {
        heading: 'Precision',
        numeric: true,
        value: ({ precision }) => precision,
        show: ({ precision }) => precision.toFixed(3),
      },
    ],
  });
}
