import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import type { ChartColours } from '../palette.js';
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
        datasets: records.map((record) => {
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
      },
      options: {
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        scales: { x: percentAxis(colourOf, 'Recall'), y: percentAxis(colourOf, 'Precision') },
      },
    },
  };
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
