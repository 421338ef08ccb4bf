import type { PageRecord } from '../../src/page/page-data.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { recordStyle, seriesPlace } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type ShownSplit, shownSplits, speedAccuracyChart } from './speed-accuracy-chart.js';
import { type SpeedRow, speedColumns } from './speed-accuracy-columns.js';

/** AP against time: the chart by which a detector is chosen. */
export function speedAccuracyPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  if (data.speed.length === 0) return undefined;
  const split = labelledSelect('AP', shownSplits, 'hard');
  const recordOf = (key: string): PageRecord => data.records.find((record) => record.key === key) ?? data.records[0];

  return chartPanel<'bubble' | 'line', SpeedRow>({
    title: 'Speed and accuracy',
    hint: 'Up and to the left is better. Bars are 95 % intervals, the dashed line is the Pareto front, the area of a mark the number of parameters. Colours are models, shapes backends; AP and time are of the same model on the same backend.',
    selection,
    controls: [split],
    showSummary: true,
    draw: () => {
      const on = selection.shown(() => true);
      const points = data.speed.filter(({ key }) => on.some((record) => record.key === key));
      const drawing = speedAccuracyChart({
        points,
        split: split.value as ShownSplit,
        styles: points.map(({ key }) => recordStyle(themeColour, seriesPlace(data.records, recordOf(key)))),
        colourOf: themeColour,
      });
      if (drawing === undefined) return undefined;
      const { shown, summary, config } = drawing;
      const records = [...new Set(shown.flatMap(({ key, latencyKey }) => [recordOf(key), recordOf(latencyKey)]))];
      return { summary, records, config };
    },
    rows: data.speed.map((point) => ({
      point,
      record: recordOf(point.key),
      latencyRecord: recordOf(point.latencyKey),
    })),
    columns: speedColumns(data),
  });
}
