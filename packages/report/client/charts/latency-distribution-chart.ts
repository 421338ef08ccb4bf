import { formatMs } from '../../src/format/number.js';
import { shortenLabels } from '../../src/format/shorten-labels.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import type { ChartColours } from '../palette.js';

/** Characters of a record's name in the legend, where names are told apart by so many. */
const longestLabel = 40;

/** Whether a record has the distribution of its total. */
export function hasDistribution({ latencyMs }: PageRecord): boolean {
  return latencyMs?.total?.quantiles !== undefined;
}

/**
 * The distribution of the time of a whole detection: the share of repetitions that take at most so long, a line a record.
 *
 * @param records those shown, each with quantiles of its total at 0, 5, .. 100 %.
 */
export function latencyDistributionChart(
  records: readonly PageRecord[],
  { colourOf, styleOf }: ChartColours,
): ChartDrawing<'line'> {
  const labels = shortenLabels(
    records.map(({ label }) => label),
    longestLabel,
  );
  return {
    summary: records.map((record) => inWords(record)).join('; '),
    config: {
      type: 'line',
      data: {
        datasets: records.map((record, index) => {
          const { colour, dash, shape } = styleOf(record);
          const quantiles = record.latencyMs?.total?.quantiles ?? [];
          return {
            label: labels[index],
            data: quantiles.map((x, step) => ({ x, y: (100 * step) / (quantiles.length - 1) })),
            borderColor: colour,
            backgroundColor: colour,
            borderDash: [...dash],
            borderWidth: 2,
            pointRadius: 2,
            pointStyle: shape,
          };
        }),
      },
      options: {
        interaction: { mode: 'nearest', axis: 'xy', intersect: false },
        scales: {
          x: { ...axis(colourOf, 'Total latency per image, ms'), type: 'logarithmic' },
          y: { ...axis(colourOf, 'Repetitions that take at most so long, %'), type: 'linear', min: 0, max: 100 },
        },
        plugins: {
          tooltip: {
            callbacks: {
              label: ({ dataset, parsed }) => `${dataset.label}: ${parsed.y} % within ${formatMs(parsed.x ?? 0)}`,
            },
          },
        },
      },
    },
  };
}

function inWords({ key, label, latencyMs }: PageRecord): string {
  const [, , first] = latencyMs?.total?.quantiles ?? [];
  const total = latencyMs?.total;
  if (total === undefined || first === undefined) return `${key} ${label}: no distribution`;
  return `${key} ${label}: 10 % within ${formatMs(first)}, half within ${formatMs(total.median)}, 95 % within ${formatMs(total.p95)}`;
}
