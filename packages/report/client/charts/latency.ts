import type { LatencyStatistics } from '@retinabench/results';
import { formatMs, significant } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis } from '../axes.js';
import { chartPanel } from '../chart-panel.js';
import { seriesStyle, translucent } from '../palette.js';
import type { Selection } from '../selection.js';
import { recordLink } from '../source-note.js';
import { themeColour } from '../theme.js';

interface Row {
  readonly record: PageRecord;
  readonly stage: string;
  readonly statistics: LatencyStatistics;
}

/** The stages in the order in which an image passes them; others follow. */
const stageOrder = ['decode', 'resize', 'pack', 'infer', 'postprocess'];

/** Median latency by stage, one bar per record. */
export function latencyPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const rows: Row[] = data.records.flatMap((record) =>
    Object.entries(record.latencyMs ?? {}).map(([stage, statistics]) => ({ record, stage, statistics })),
  );
  if (rows.length === 0) return undefined;
  const known = [...new Set(rows.map(({ stage }) => stage))].filter((stage) => stage !== 'total');
  const rank = (stage: string): number => (stageOrder.includes(stage) ? stageOrder.indexOf(stage) : stageOrder.length);
  const stages = known.sort((a, b) => rank(a) - rank(b));

  return chartPanel<'bar', Row>({
    title: 'Latency by stage',
    hint: 'Medians, stacked. Medians do not add up exactly: what the total has beyond its stages is drawn as rest. Times of different runs are a hint, not a verdict.',
    selection,
    draw: () => {
      const records = selection.shown((record) => record.latencyMs !== undefined);
      if (records.length === 0) return undefined;
      const median = (record: PageRecord, stage: string): number => record.latencyMs?.[stage]?.median ?? 0;
      const rest = (record: PageRecord): number =>
        Math.max(0, median(record, 'total') - stages.reduce((sum, stage) => sum + median(record, stage), 0));
      const stack = stages.map((stage, index) => ({
        label: stage,
        colour: seriesStyle(themeColour, index).colour,
        values: records.map((record) => median(record, stage)),
      }));
      stack.push({ label: 'rest', colour: themeColour('text-faint'), values: records.map(rest) });
      return {
        summary: records
          .map((record) => {
            const total = record.latencyMs?.total;
            const whole =
              total === undefined
                ? 'no total'
                : `${formatMs(total.median)}, 95 % within ${formatMs(total.p95)}, n = ${total.n}`;
            return `${record.key} ${record.label}: ${whole}`;
          })
          .join('; '),
        records,
        heightPx: 110 + 44 * records.length,
        config: {
          type: 'bar',
          data: {
            labels: records.map(({ key, label }) => `${key} ${label.length > 30 ? `${label.slice(0, 29)}…` : label}`),
            datasets: stack.map(({ label, colour, values }) => ({
              label,
              data: values,
              backgroundColor: translucent(colour, 0.85),
              maxBarThickness: 26,
            })),
          },
          options: {
            indexAxis: 'y',
            interaction: { mode: 'index', axis: 'y', intersect: false },
            scales: {
              x: { ...axis(themeColour, 'Median per image, ms'), type: 'linear', stacked: true, beginAtZero: true },
              y: { type: 'category', stacked: true, grid: { display: false } },
            },
            plugins: {
              tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatMs(Number(raw))}` } },
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
