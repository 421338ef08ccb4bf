import { significant } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis, percentAxis } from '../axes.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { seriesStyle, translucent } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';

interface Row {
  readonly record: PageRecord;
  /** Lower end of the bin. */
  readonly score: number;
  readonly genuine: number;
  readonly impostor: number;
}

/** How the scores of genuine and of impostor pairs spread, one record at a time. */
export function scoreHistogramPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const records = data.records.filter(({ scoreHistogram }) => scoreHistogram !== undefined);
  if (records.length === 0) return undefined;
  const rows = records.flatMap(rowsOf);
  const names = records.map(({ key, label }) => `${key} ${label}`);
  const choice = labelledSelect('Record', names);
  return chartPanel<'bar', Row>({
    title: 'Scores of genuine and impostor pairs',
    hint: 'The less they overlap, the better. Shares of each kind of pair, so that a million impostors do not hide the genuine.',
    selection,
    ...(records.length > 1 ? { controls: [choice] } : {}),
    draw: () => {
      const chosen = records[Math.max(0, names.indexOf(choice.value))];
      const [record] = selection.shown((candidate) => candidate === chosen);
      if (record === undefined) return undefined;
      const bins = rowsOf(record);
      const totals = {
        genuine: bins.reduce((sum, { genuine }) => sum + genuine, 0),
        impostor: bins.reduce((sum, { impostor }) => sum + impostor, 0),
      };
      const series = (kind: 'genuine' | 'impostor', index: number) => {
        const { colour, shape } = seriesStyle(themeColour, index);
        return {
          label: `${kind} (${totals[kind].toLocaleString('en')})`,
          data: bins.map((bin) => (totals[kind] === 0 ? 0 : bin[kind] / totals[kind])),
          backgroundColor: translucent(colour, 0.6),
          barPercentage: 1,
          categoryPercentage: 1,
          grouped: false,
          pointStyle: shape,
        };
      };
      return {
        summary: `${names[records.indexOf(chosen)]}: ${totals.genuine} genuine and ${totals.impostor} impostor pairs, scores from ${significant(record.scoreHistogram?.low ?? 0)} to ${significant(record.scoreHistogram?.high ?? 0)}`,
        records: [record],
        config: {
          type: 'bar',
          data: {
            labels: bins.map(({ score }) => significant(score)),
            datasets: [series('impostor', 1), series('genuine', 0)],
          },
          options: {
            interaction: { mode: 'index', intersect: false },
            scales: {
              x: { ...axis(themeColour, 'Score'), type: 'category', ticks: { maxTicksLimit: 12, maxRotation: 0 } },
              y: percentAxis(themeColour, 'Share of its pairs', { min: 0 }),
            },
          },
        },
      };
    },
    rows,
    columns: [
      { heading: 'Record', value: ({ record }) => `${record.key} ${record.label}` },
      { heading: 'Score from', numeric: true, value: ({ score }) => score, show: ({ score }) => significant(score) },
      { heading: 'Genuine pairs', numeric: true, value: ({ genuine }) => genuine },
      { heading: 'Impostor pairs', numeric: true, value: ({ impostor }) => impostor },
    ],
  });
}

function rowsOf(record: PageRecord): Row[] {
  const { low, high, genuine, impostor } = record.scoreHistogram ?? { low: 0, high: 0, genuine: [], impostor: [] };
  const width = genuine.length === 0 ? 0 : (high - low) / genuine.length;
  return genuine.map((count, bin) => ({
    record,
    score: low + width * bin,
    genuine: count,
    impostor: impostor[bin] ?? 0,
  }));
}
