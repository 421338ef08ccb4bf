import { type BreakdownBin, formatCount } from '@retinabench/results';
import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis, percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import { type ChartColours, translucent } from '../palette.js';

/** One bin of one record's breakdown by one attribute. */
export interface BreakdownRow {
  readonly record: PageRecord;
  readonly attribute: string;
  readonly bin: string;
  readonly result: BreakdownBin;
}

/** What of a bin is drawn. */
export type BreakdownMetric = 'AP' | 'recall';

/** What the chart of a breakdown is drawn from. */
export interface BreakdownInput {
  /** Those of one attribute; rows of records that are not shown are left out. */
  readonly rows: readonly BreakdownRow[];
  /** At least one. */
  readonly records: readonly PageRecord[];
  readonly attribute: string;
  readonly metric: BreakdownMetric;
  readonly colours: ChartColours;
}

/** More bins than this are drawn as horizontal bars, worst first. */
const maxColumns = 10;

/** AP or recall by bin, a group of bars a bin; many bins are sorted by the first record and lie on their side. */
export function breakdownChart(input: BreakdownInput): ChartDrawing<'bar'> {
  const { records, attribute, metric, colours } = input;
  const bins = binsOf(input);
  const isHorizontal = bins.length > maxColumns;
  const shares = percentAxis(colours.colourOf, `${metric} of the faces of the bin`);
  const names = { ...axis(colours.colourOf, attribute), type: 'category' as const, ticks: { autoSkip: false } };
  return {
    summary: `${records.map((record) => weakest(record, bins, metric)).join('; ')}.`,
    ...(isHorizontal ? { heightPx: 80 + bins.length * Math.max(16, 7 * records.length + 6) } : {}),
    config: {
      type: 'bar',
      data: {
        labels: bins.map(({ name, faces }) => (faces === undefined ? name : `${name} (${formatCount(faces)})`)),
        datasets: records.map((record) => {
          const { colour, shape, fill } = colours.styleOf(record);
          return {
            label: record.label,
            data: bins.map(({ values }) => values.get(record) ?? null),
            backgroundColor: translucent(colour, fill),
            borderColor: colour,
            borderWidth: 1,
            borderRadius: 3,
            pointStyle: shape,
          };
        }),
      },
      options: {
        indexAxis: isHorizontal ? 'y' : 'x',
        interaction: { mode: 'index', axis: isHorizontal ? 'y' : 'x', intersect: false },
        scales: isHorizontal ? { x: shares, y: names } : { x: names, y: shares },
        plugins: {
          tooltip: {
            callbacks: {
              label: ({ dataset, datasetIndex, dataIndex, raw }) => {
                const faces = bins[dataIndex].counts.get(records[datasetIndex]) ?? 0;
                return `${dataset.label}: ${formatPoints(Number(raw))} of ${formatCount(faces)} faces`;
              },
            },
          },
        },
      },
    },
  };
}

interface Bin {
  readonly name: string;
  /** Where all drawn records that have the bin count as many. */
  readonly faces: number | undefined;
  readonly counts: ReadonlyMap<PageRecord, number>;
  readonly values: ReadonlyMap<PageRecord, number>;
}

function binsOf({ rows, records, metric }: BreakdownInput): Bin[] {
  const names = [...new Set(rows.map(({ bin }) => bin))];
  const bins = names.map((name) => {
    const ofBin = rows.filter(({ bin, record }) => bin === name && records.includes(record));
    const values = new Map(ofBin.map(({ record, result }) => [record, metric === 'AP' ? result.ap : result.recall]));
    const counts = new Map(ofBin.map(({ record, result }) => [record, result.faces]));
    const [faces, ...others] = new Set(counts.values());
    return { name, faces: others.length === 0 ? faces : undefined, counts, values };
  });
  if (bins.length <= maxColumns) return bins;
  // A bin that the first record lacks comes last: no value is above 1.
  const rank = ({ values }: Bin): number => values.get(records[0]) ?? 2;
  return bins.sort((a, b) => rank(a) - rank(b));
}

function weakest(record: PageRecord, bins: readonly Bin[], metric: BreakdownMetric): string {
  const known = bins.flatMap(({ name, values }) => {
    const value = values.get(record);
    return value === undefined ? [] : [{ name, value }];
  });
  const worst = known.reduce((lowest, entry) => (entry.value < lowest.value ? entry : lowest));
  return `${record.key} ${record.label} is weakest on ${worst.name} (${metric} ${formatPoints(worst.value)})`;
}
