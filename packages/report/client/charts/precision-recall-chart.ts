import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import type { ChartColours, ColourOf } from '../palette.js';
import { shownSplits } from './speed-accuracy-chart.js';

/**
 * Precision against recall of one split, a line per record, named with its AP where the record has it.
 *
 * @param records those shown, each with a curve of the split.
 */
export function precisionRecallChart(
  records: readonly PageRecord[],
  split: string,
  { colourOf, styleOf }: ChartColours,
): ChartDrawing<'line'> {
  return {
    summary: records.map((record) => `${record.key} ${nameWithAp(record, split)}`).join('; '),
    config: {
      type: 'line',
      data: {
        datasets: [
          ...records.map((record) => {
            const { colour, dash, shape } = styleOf(record);
            const curve = record.curves?.[split];
            return {
              label: nameWithAp(record, split),
              data: (curve?.recall ?? []).map((x, index) => ({ x, y: curve?.precision[index] ?? 0 })),
              borderColor: colour,
              backgroundColor: colour,
              borderDash: [...dash],
              borderWidth: 2,
              pointRadius: 0,
              pointStyle: shape,
            };
          }),
          ...isoLines(colourOf),
        ],
      },
      options: {
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        plugins: {
          legend: { labels: { filter: ({ text }) => !text.startsWith(isoName) } },
          tooltip: { filter: ({ dataset }) => !String(dataset.label).startsWith(isoName) },
        },
        scales: { x: percentAxis(colourOf, 'Recall'), y: percentAxis(colourOf, 'Precision') },
      },
    },
  };
}

const isoName = 'F1 = ';

/** The values of F1 whose lines are drawn. */
const isoF1 = [0.2, 0.4, 0.6, 0.8, 0.9];

/**
 * Lines of equal F1: of a recall r the precision is F1 r / (2 r - F1), from where it is 1 on.
 */
function isoLines(colourOf: ColourOf) {
  return isoF1.map((f1) => {
    const from = f1 / (2 - f1);
    return {
      label: `${isoName}${f1}`,
      data: Array.from({ length: 41 }, (_, step) => {
        const x = from + ((1 - from) * step) / 40;
        return { x, y: (f1 * x) / (2 * x - f1) };
      }),
      borderColor: colourOf('text-faint'),
      backgroundColor: colourOf('text-faint'),
      borderWidth: 0.7,
      borderDash: [2, 3],
      pointRadius: 0,
      pointHitRadius: 0,
      pointStyle: 'line' as const,
    };
  });
}

function nameWithAp({ label, ap, detection }: PageRecord, curve: string): string {
  const known = shownSplits.find((name) => name === curve);
  const value = known === undefined ? apOfDetection(curve, detection) : ap?.[known];
  return value === undefined ? label : `${label} (${formatPoints(value)})`;
}

/** The AP whose curve a detection record keeps: that of no limit of detections, at IoU 0.5. */
function apOfDetection(curve: string, detection: PageRecord['detection']): number | undefined {
  return curve === 'iou0.5' ? detection?.values['uncapped.ap50'] : undefined;
}
