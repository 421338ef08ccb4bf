import { chartPanel, labelledSelect } from '../chart-panel.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { conditionsOf, type TrendRow, trendChart } from './trend-chart.js';

/** One number of the accepted baselines over time; a line breaks where the protocol changes. */
export function trendPanel(selection: Selection): HTMLElement | undefined {
  const { history } = selection.data;
  const rows: TrendRow[] = history.flatMap((entry) =>
    Object.entries(entry.values).map(([key, value]) => ({ entry, key, value })),
  );
  if (rows.length === 0) return undefined;
  const keys = [...new Set(rows.map(({ key }) => key))];
  const number = labelledSelect('Number', keys, keys.includes('ap.hard') ? 'ap.hard' : keys[0]);
  return chartPanel<'line', TrendRow>({
    title: 'Accepted baselines over time',
    hint: 'One line per model, backend, data set and protocol; only points of one line are comparable.',
    selection,
    controls: [number],
    showSummary: true,
    draw: () => {
      const chosen = rows.filter(({ key }) => key === number.value);
      return { ...trendChart(chosen, number.value, themeColour), records: [] };
    },
    rows,
    columns: [
      { heading: 'Accepted', value: ({ entry }) => entry.acceptedAt },
      { heading: 'Number', value: ({ key }) => key },
      { heading: 'Value', numeric: true, value: ({ value }) => value },
      { heading: 'Of', value: ({ entry }) => conditionsOf(entry) },
      { heading: 'Commit', value: ({ entry }) => entry.commit?.slice(0, 12) },
      { heading: 'By', value: ({ entry }) => entry.by },
      { heading: 'Why', value: ({ entry }) => entry.why },
      { heading: 'Record', value: ({ entry }) => entry.recordSha256.slice(0, 12) },
    ],
  });
}
