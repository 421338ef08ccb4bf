import type { BaselineEntry } from '../../src/baseline/history.js';
import { ruleFamilies } from '../../src/gate/rules.js';
import { axis } from '../axes.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { seriesStyle } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';

interface Row {
  readonly entry: BaselineEntry;
  readonly key: string;
  readonly value: number;
}

/** One number of the accepted baselines over time; a line breaks where the protocol changes. */
export function trendPanel(selection: Selection): HTMLElement | undefined {
  const { history } = selection.data;
  const rows: Row[] = history.flatMap((entry) =>
    Object.entries(entry.values).map(([key, value]) => ({ entry, key, value })),
  );
  if (rows.length === 0) return undefined;
  const keys = [...new Set(rows.map(({ key }) => key))];
  const number = labelledSelect('Number', keys, keys.includes('ap.hard') ? 'ap.hard' : keys[0]);
  const format = (value: number): string => {
    const family = ruleFamilies.find(({ prefix }) => number.value.startsWith(`${prefix}.`));
    return family === undefined ? String(value) : family.format(value);
  };
  return chartPanel<'line', Row>({
    title: 'Accepted baselines over time',
    hint: 'One line per model, backend, data set and protocol; only points of one line are comparable.',
    selection,
    controls: [number],
    showSummary: true,
    draw: () => {
      const chosen = rows.filter(({ key }) => key === number.value);
      const series = [...new Set(chosen.map(({ entry }) => seriesOf(entry)))];
      const times = [...new Set(chosen.map(({ entry }) => entry.acceptedAt))].sort();
      const last = chosen.at(-1);
      return {
        summary:
          last === undefined
            ? ''
            : `${chosen.length} baselines; the last, by ${last.entry.by} on ${last.entry.acceptedAt.slice(0, 10)}: ${format(last.value)} (${last.entry.why}).`,
        records: [],
        config: {
          type: 'line',
          data: {
            labels: times.map((time) => time.slice(0, 10)),
            datasets: series.map((name, index) => {
              const { colour, shape, dash } = seriesStyle(themeColour, index);
              return {
                label: name,
                data: times.map(
                  (time) =>
                    chosen.find(({ entry }) => entry.acceptedAt === time && seriesOf(entry) === name)?.value ?? null,
                ),
                borderColor: colour,
                backgroundColor: colour,
                borderDash: [...dash],
                pointStyle: shape,
                pointRadius: 5,
                spanGaps: true,
              };
            }),
          },
          options: {
            scales: {
              x: { type: 'category' },
              y: {
                ...axis(themeColour, number.value),
                type: 'linear',
                ticks: { callback: (value) => format(Number(value)) },
              },
            },
            plugins: {
              tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${format(Number(raw))}` } },
            },
          },
        },
      };
    },
    rows,
    columns: [
      { heading: 'Accepted', value: ({ entry }) => entry.acceptedAt },
      { heading: 'Number', value: ({ key }) => key },
      { heading: 'Value', numeric: true, value: ({ value }) => value },
      { heading: 'Of', value: ({ entry }) => seriesOf(entry) },
      { heading: 'Commit', value: ({ entry }) => entry.commit?.slice(0, 12) },
      { heading: 'By', value: ({ entry }) => entry.by },
      { heading: 'Why', value: ({ entry }) => entry.why },
      { heading: 'Record', value: ({ entry }) => entry.recordSha256.slice(0, 12) },
    ],
  });
}

function seriesOf({ model, kind, backend, dataset, protocolId }: BaselineEntry): string {
  return [model ?? kind, backend, dataset, protocolId].filter((part) => part !== undefined).join(' · ');
}
