import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { hasDistribution, latencyDistributionChart } from './latency-distribution-chart.js';

interface Row {
  readonly record: PageRecord;
  readonly share: number;
  readonly ms: number;
}

/** How the times of a detection are distributed, a line a record. */
export function latencyDistributionPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const rows: Row[] = data.records.filter(hasDistribution).flatMap((record) => {
    const quantiles = record.latencyMs?.total?.quantiles ?? [];
    return quantiles.map((ms, step) => ({ record, share: (100 * step) / (quantiles.length - 1), ms }));
  });
  if (rows.length === 0) return undefined;
  return chartPanel<'line', Row>({
    title: 'Distribution of latency',
    hint: 'The further left, the faster; the steeper, the steadier. A line that bends right at the top has repetitions that take much longer.',
    selection,
    draw: () => {
      const records = selection.shown(hasDistribution);
      if (records.length === 0) return undefined;
      return { ...latencyDistributionChart(records, chartColours(themeColour, data.records)), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Share, %', numeric: true, value: ({ share }) => share },
      { heading: 'Within, ms', numeric: true, value: ({ ms }) => ms },
    ],
  });
}
