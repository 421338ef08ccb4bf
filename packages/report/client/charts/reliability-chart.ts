import type { CalibrationBin } from '@retinabench/results';
import type { PageRecord } from '../../src/page/page-data.js';
import { percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import type { ChartColours } from '../palette.js';

/** A bin that has detections. */
export interface FilledBin extends CalibrationBin {
  readonly meanScore: number;
  readonly precision: number;
}

/** The bins of a record that have detections. */
export function filledBins({ calibration }: PageRecord): FilledBin[] {
  return (calibration?.bins ?? []).filter(
    (bin): bin is FilledBin => bin.meanScore !== undefined && bin.precision !== undefined,
  );
}

const [smallest, largest] = [2.5, 9] as const;

/**
 * The reliability diagram: precision against mean score, a line per record, points larger where a bin has more detections.
 * On the diagonal a score is the precision; below it, the detector is too sure.
 */
export function reliabilityChart(records: readonly PageRecord[], colours: ChartColours): ChartDrawing<'line'> {
  return {
    summary: `${records.map(inWords).join('; ')}.`,
    config: {
      type: 'line',
      data: {
        datasets: [
          ...records.map((record) => {
            const bins = filledBins(record);
            const { colour, shape, dash } = colours.styleOf(record);
            const most = Math.max(1, ...bins.map(({ count }) => count));
            return {
              label: record.label,
              data: bins.map(({ meanScore, precision }) => ({ x: meanScore, y: precision })),
              borderColor: colour,
              backgroundColor: colour,
              borderDash: [...dash],
              pointStyle: shape,
              pointRadius: bins.map(({ count }) => smallest + (largest - smallest) * Math.sqrt(count / most)),
            };
          }),
          {
            label: 'score = precision',
            data: [
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ],
            borderColor: colours.colourOf('text-soft'),
            backgroundColor: colours.colourOf('text-soft'),
            borderDash: [4, 4],
            pointRadius: 0,
          },
        ],
      },
      options: {
        scales: {
          x: percentAxis(colours.colourOf, 'Mean score of the bin'),
          y: percentAxis(colours.colourOf, 'Precision'),
        },
        plugins: {
          tooltip: {
            callbacks: {
              label: ({ dataset, parsed }) =>
                `${dataset.label}: score ${percent(parsed.x ?? 0)}, precision ${percent(parsed.y ?? 0)}`,
            },
          },
        },
      },
    },
  };
}

function inWords(record: PageRecord): string {
  const bins = filledBins(record);
  if (record.calibration === undefined || bins.length === 0) return `${record.key} ${record.label} has no detections`;
  const worst = bins.reduce((a, b) => (gapOf(b) > gapOf(a) ? b : a));
  const side = worst.meanScore > worst.precision ? 'too sure' : 'not sure enough';
  return `${record.key} ${record.label}: ECE ${record.calibration.ece.toFixed(4)}; furthest off from ${shortest(worst.low)} to ${shortest(worst.high)}, ${side} by ${percent(gapOf(worst))}`;
}

function gapOf({ meanScore, precision }: FilledBin): number {
  return Math.abs(meanScore - precision);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(3)));
}
