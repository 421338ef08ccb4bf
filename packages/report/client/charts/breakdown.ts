import { type BreakdownBin, formatCount } from '@retinabench/results';
import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis, percentAxis } from '../axes.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { seriesIndex, seriesStyle, translucent } from '../palette.js';
import type { Selection } from '../selection.js';
import { recordLink } from '../source-note.js';
import { themeColour } from '../theme.js';

interface Row {
  readonly record: PageRecord;
  readonly attribute: string;
  readonly bin: string;
  readonly result: BreakdownBin;
}

/** More bins than this are drawn as horizontal bars, worst first. */
const maxColumns = 10;

/** AP and recall by an attribute of the faces: height, blur, occlusion, pose, event and so on. */
export function breakdownPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const rows: Row[] = data.records.flatMap((record) =>
    Object.entries(record.breakdown ?? {}).flatMap(([attribute, bins]) =>
      Object.entries(bins).map(([bin, result]) => ({ record, attribute, bin, result })),
    ),
  );
  if (rows.length === 0) return undefined;
  const attributes = [...new Set(rows.map(({ attribute }) => attribute))];
  const by = labelledSelect('by', attributes);
  const metric = labelledSelect('of', ['AP', 'recall']);
  const read = ({ ap, recall }: BreakdownBin): number => (metric.value === 'AP' ? ap : recall);

  return chartPanel<'bar', Row>({
    title: 'By attribute of the face',
    hint: 'Only the faces of the bin count; all others are ignored, neither hit nor missed. Bins of few faces are uncertain.',
    selection,
    controls: [by, metric],
    showSummary: true,
    draw: () => {
      const ofAttribute = rows.filter(({ attribute }) => attribute === by.value);
      const records = selection.shown((record) => ofAttribute.some((row) => row.record === record));
      if (records.length === 0) return undefined;
      const names = [...new Set(ofAttribute.map(({ bin }) => bin))];
      const find = (record: PageRecord, bin: string): BreakdownBin | undefined =>
        ofAttribute.find((row) => row.record === record && row.bin === bin)?.result;
      const horizontal = names.length > maxColumns;
      const worst = (bin: string): number => {
        const first = find(records[0], bin);
        return first === undefined ? 2 : read(first);
      };
      if (horizontal) names.sort((a, b) => worst(a) - worst(b));
      const facesOf = (bin: string): number => Math.max(...records.map((record) => find(record, bin)?.faces ?? 0));
      const shares = percentAxis(themeColour, `${metric.value} of the faces of the bin`);
      const bins = { ...axis(themeColour, by.value), type: 'category' as const, ticks: { autoSkip: false } };
      return {
        summary: summarise(records, names, find, read, metric.value),
        records,
        ...(horizontal ? { heightPx: 80 + names.length * Math.max(16, 7 * records.length + 6) } : {}),
        config: {
          type: 'bar',
          data: {
            labels: names.map((bin) => `${bin} (${formatCount(facesOf(bin))})`),
            datasets: records.map((record) => {
              const { colour, shape } = seriesStyle(themeColour, seriesIndex(data.records, record));
              return {
                label: record.label,
                data: names.map((bin) => {
                  const result = find(record, bin);
                  return result === undefined ? null : read(result);
                }),
                backgroundColor: translucent(colour, 0.8),
                borderColor: colour,
                borderWidth: 1,
                borderRadius: 3,
                pointStyle: shape,
              };
            }),
          },
          options: {
            indexAxis: horizontal ? 'y' : 'x',
            interaction: { mode: 'index', axis: horizontal ? 'y' : 'x', intersect: false },
            scales: horizontal ? { x: shares, y: bins } : { x: bins, y: shares },
            plugins: {
              tooltip: {
                callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatPoints(Number(raw))}` },
              },
            },
          },
        },
      };
    },
    rows,
    columns: [
      {
        heading: 'Record',
        value: ({ record }) => `${record.key} ${record.label}`,
        show: ({ record }) => recordLink(data, record),
      },
      { heading: 'Attribute', value: ({ attribute }) => attribute },
      { heading: 'Bin', value: ({ bin }) => bin },
      {
        heading: 'Faces',
        numeric: true,
        value: ({ result }) => result.faces,
        show: ({ result }) => formatCount(result.faces),
      },
      { heading: 'AP', numeric: true, value: ({ result }) => result.ap, show: ({ result }) => formatPoints(result.ap) },
      {
        heading: 'Recall',
        numeric: true,
        value: ({ result }) => result.recall,
        show: ({ result }) => formatPoints(result.recall),
      },
    ],
  });
}

function summarise(
  records: readonly PageRecord[],
  bins: readonly string[],
  find: (record: PageRecord, bin: string) => BreakdownBin | undefined,
  read: (result: BreakdownBin) => number,
  metric: string,
): string {
  const lines = records.map((record) => {
    const known = bins.flatMap((bin) => {
      const result = find(record, bin);
      return result === undefined ? [] : [{ bin, value: read(result) }];
    });
    const worst = known.reduce((lowest, entry) => (entry.value < lowest.value ? entry : lowest));
    return `${record.key} ${record.label} is weakest on ${worst.bin} (${metric} ${formatPoints(worst.value)})`;
  });
  return `${lines.join('; ')}.`;
}
