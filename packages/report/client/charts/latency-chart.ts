import { formatMs } from '../../src/format/number.js';
import { shortenLabels } from '../../src/format/shorten-labels.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import { type ColourOf, seriesStyle, translucent } from '../palette.js';

/** The stages in the order in which an image passes them; others follow. */
const stageOrder = ['decode', 'resize', 'pack', 'infer', 'postprocess'];

/** Characters of a record's name beside its bar, where names are told apart by so many. */
const longestLabel = 34;

/**
 * Median latency by stage, one bar a record: the stages stacked, and what the total has beyond them as `rest`.
 *
 * @param records those shown, each with latencies.
 * @param stages  of all records, so that a stage keeps its colour whichever are shown; `total` is none.
 */
export function latencyChart(
  records: readonly PageRecord[],
  stages: readonly string[],
  colourOf: ColourOf,
): ChartDrawing<'bar'> {
  const stack = orderStages(stages).map((stage, index) => ({
    label: stage,
    colour: seriesStyle(colourOf, index).colour,
    values: records.map((record) => median(record, stage)),
  }));
  stack.push({
    label: 'rest',
    colour: colourOf('text-faint'),
    values: records.map((record) =>
      Math.max(0, median(record, 'total') - stages.reduce((sum, stage) => sum + median(record, stage), 0)),
    ),
  });
  return {
    summary: records.map((record) => `${record.key} ${record.label}: ${totalInWords(record)}`).join('; '),
    heightPx: 110 + 44 * records.length,
    config: {
      type: 'bar',
      data: {
        labels: shortenLabels(
          records.map(({ label }) => label),
          longestLabel,
        ).map((label, index) => `${records[index].key} ${label}`),
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
          x: { ...axis(colourOf, 'Median per image, ms'), type: 'linear', stacked: true, beginAtZero: true },
          y: { type: 'category', stacked: true, grid: { display: false } },
        },
        plugins: {
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatMs(Number(raw))}` } },
        },
      },
    },
  };
}

function orderStages(stages: readonly string[]): string[] {
  const rank = (stage: string): number => (stageOrder.includes(stage) ? stageOrder.indexOf(stage) : stageOrder.length);
  return [...stages].sort((a, b) => rank(a) - rank(b));
}

function median({ latencyMs }: PageRecord, stage: string): number {
  return latencyMs?.[stage]?.median ?? 0;
}

function totalInWords({ latencyMs }: PageRecord): string {
  const total = latencyMs?.total;
  return total === undefined
    ? 'no total'
    : `${formatMs(total.median)}, 95 % within ${formatMs(total.p95)}, n = ${total.n}`;
}
