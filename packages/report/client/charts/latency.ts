import type { LatencyStatistics } from '@retinabench/results';
import { significant } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel } from '../chart-panel.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { latencyChart } from './latency-chart.js';

interface Row {
  readonly record: PageRecord;
  readonly stage: string;
  readonly statistics: LatencyStatistics;
}

/** Median latency by stage, one bar per record. */
export function latencyPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  // Times of a record of parity are of its backends, one after another: no stages of one detection.
  const hasStages = ({ kind, latencyMs }: PageRecord): boolean => kind !== 'parity' && latencyMs !== undefined;
  const rows: Row[] = data.records
    .filter(hasStages)
    .flatMap((record) =>
      Object.entries(record.latencyMs ?? {}).map(([stage, statistics]) => ({ record, stage, statistics })),
    );
  if (rows.length === 0) return undefined;
  const stages = [...new Set(rows.map(({ stage }) => stage))].filter((stage) => stage !== 'total');

  return chartPanel<'bar', Row>({
    title: 'Latency by stage',
    hint: 'Medians, stacked. Medians do not add up exactly: what the total has beyond its stages is drawn as rest. Times of different runs are a hint, not a verdict.',
    selection,
    draw: () => {
      const records = selection.shown(hasStages);
      return records.length === 0 ? undefined : { ...latencyChart(records, stages, themeColour), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Stage', value: ({ stage }) => stage },
      ...(['median', 'p95', 'mad'] as const).map((name) => ({
        heading: `${name} ms`,
        numeric: true,
        value: ({ statistics }: Row) => statistics[name],
        show: ({ statistics }: Row) => significant(statistics[name]),
      })),
      { heading: 'n', numeric: true, value: ({ statistics }) => statistics.n },
    ],
  });
}
