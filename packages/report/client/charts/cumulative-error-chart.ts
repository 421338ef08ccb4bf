import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis, percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import type { ChartColours } from '../palette.js';

/**
 * Share of the faces up to each error, missed faces in none, a line per record, named with its area.
 *
 * @param records those shown, each with landmarks; errors of all are in pixels, or of none.
 */
export function cumulativeErrorChart(
  records: readonly PageRecord[],
  { colourOf, styleOf }: ChartColours,
): ChartDrawing<'line'> {
  const inPixels = records.some(({ protocol }) => protocol.normaliser === 'pixels');
  return {
    summary: records.map((record) => `${record.key} ${nameWithArea(record)}`).join('; '),
    config: {
      type: 'line',
      data: {
        datasets: records.map((record) => {
          const { colour, dash, shape } = styleOf(record);
          const ced = record.landmarks?.ced;
          return {
            label: nameWithArea(record),
            data: (ced?.error ?? []).map((x, index) => ({ x, y: ced?.share[index] ?? 0 })),
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
        scales: {
          x: inPixels
            ? { ...axis(colourOf, 'Error, pixels'), type: 'linear' as const, min: 0 }
            : percentAxis(colourOf, 'Normalised error', { min: 0 }),
          y: percentAxis(colourOf, 'Faces'),
        },
      },
    },
  };
}

/** With the area up to the largest threshold. */
function nameWithArea({ label, landmarks }: PageRecord): string {
  const threshold = Object.keys(landmarks?.missesAsFailures.auc ?? {}).at(-1);
  const area = threshold === undefined ? undefined : landmarks?.missesAsFailures.auc[threshold];
  return area === undefined ? label : `${label} (AUC ${threshold}: ${formatPoints(area)})`;
}
