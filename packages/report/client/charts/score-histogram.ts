import { significant } from '../../src/format/number.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type ScoreBin, scoreBins, scoreHistogramChart } from './score-histogram-chart.js';

/** How the scores of genuine and of impostor pairs spread, one record at a time. */
export function scoreHistogramPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const records = data.records.filter(({ scoreHistogram }) => scoreHistogram !== undefined);
  if (records.length === 0) return undefined;
  const names = records.map(({ key, label }) => `${key} ${label}`);
  const choice = labelledSelect('Record', names);
  return chartPanel<'bar', ScoreBin>({
    title: 'Scores of genuine and impostor pairs',
    hint: 'The less they overlap, the better. Shares of each kind of pair, so that a million impostors do not hide the genuine.',
    selection,
    ...(records.length > 1 ? { controls: [choice] } : {}),
    draw: () => {
      const chosen = records[Math.max(0, names.indexOf(choice.value))];
      const [record] = selection.shown((candidate) => candidate === chosen);
      return record === undefined ? undefined : { ...scoreHistogramChart(record, themeColour), records: [record] };
    },
    rows: records.flatMap(scoreBins),
    columns: [
      recordColumn(data),
      { heading: 'Score from', numeric: true, value: ({ score }) => score, show: ({ score }) => significant(score) },
      { heading: 'Genuine pairs', numeric: true, value: ({ genuine }) => genuine },
      { heading: 'Impostor pairs', numeric: true, value: ({ impostor }) => impostor },
    ],
  });
}
