import type { TideLoss } from '@retinabench/results';
import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis, percentAxis } from '../axes.js';
import { type BarWhisker, barWhiskerPlugin } from '../bar-whiskers.js';
import type { ChartDrawing } from '../chart-panel.js';
import { type ChartColours, translucent } from '../palette.js';

/** Types of error in the order of the chart, with their names. */
export const errorTypeNames = {
  localisation: 'Localisation',
  missed: 'Missed',
  background: 'Background',
  duplicate: 'Duplicate',
  falsePositive: 'All false positives',
  falseNegative: 'All not found',
} as const satisfies Partial<Record<TideLoss, string>>;

/** A type of error that is drawn. */
export type DrawnErrorType = keyof typeof errorTypeNames;

/** The types that can be divided by an attribute of the faces. */
export const dividedTypes = ['localisation', 'missed', 'background', 'duplicate'] as const;

/** What the chart of errors is drawn from. */
export interface ErrorTypeInput {
  /** Records with `tide`, at least one. */
  readonly records: readonly PageRecord[];
  /** An attribute by whose values one type is divided; absent: all types of all faces. */
  readonly by?: { readonly attribute: string; readonly type: (typeof dividedTypes)[number] };
  readonly colours: ChartColours;
}

/** AP that each type of error costs, a group of bars a type, with 95 % intervals; or one type by an attribute. */
export function errorTypeChart(input: ErrorTypeInput): ChartDrawing<'bar'> {
  const { records, by, colours } = input;
  const bars = by === undefined ? barsOfTypes(records) : barsOfGroups(records, by.attribute, by.type);
  const whiskers = bars.flatMap(({ intervals }, index) =>
    records.flatMap((record, series): BarWhisker[] => {
      const interval = intervals.get(record);
      return interval === undefined ? [] : [{ series, index, interval, colour: colours.colourOf('text') }];
    }),
  );
  const highest = Math.max(0, ...whiskers.map(({ interval }) => interval[1]));
  const title = by === undefined ? 'AP lost' : `AP lost to ${errorTypeNames[by.type].toLowerCase()} errors`;
  return {
    summary: `${records.map((record) => costliest(record, bars)).join('; ')}.`,
    config: {
      type: 'bar',
      data: {
        labels: bars.map(({ name }) => name),
        datasets: records.map((record) => {
          const { colour, shape, fill } = colours.styleOf(record);
          return {
            label: record.label,
            data: bars.map(({ values }) => values.get(record) ?? null),
            backgroundColor: translucent(colour, fill),
            borderColor: colour,
            borderWidth: 1,
            borderRadius: 3,
            pointStyle: shape,
          };
        }),
      },
      options: {
        interaction: { mode: 'index', axis: 'x', intersect: false },
        scales: {
          x: {
            ...axis(colours.colourOf, by?.attribute ?? 'Type of error'),
            type: 'category',
            ticks: { autoSkip: false },
          },
          // The interval of the highest bar is to be seen whole.
          y: { ...percentAxis(colours.colourOf, title, { min: 0 }), suggestedMax: 1.05 * highest },
        },
        plugins: {
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatPoints(Number(raw))}` } },
        },
      },
      plugins: [barWhiskerPlugin(whiskers)],
    },
  };
}

interface Bars {
  readonly name: string;
  readonly values: ReadonlyMap<PageRecord, number>;
  readonly intervals: ReadonlyMap<PageRecord, readonly [number, number]>;
}

function barsOfTypes(records: readonly PageRecord[]): Bars[] {
  return (Object.keys(errorTypeNames) as DrawnErrorType[]).map((type) => ({
    name: errorTypeNames[type],
    values: new Map(records.flatMap((record) => (record.tide === undefined ? [] : [[record, record.tide.lost[type]]]))),
    intervals: new Map(
      records.flatMap((record) => {
        const interval = record.tide?.interval?.lost[type];
        return interval === undefined ? [] : [[record, interval]];
      }),
    ),
  }));
}

/** Most groups that are drawn: those that cost most. */
const mostGroups = 12;

function barsOfGroups(records: readonly PageRecord[], attribute: string, type: (typeof dividedTypes)[number]): Bars[] {
  const groupsOf = (record: PageRecord) => record.tide?.groups?.[attribute] ?? {};
  const names = [...new Set(records.flatMap((record) => Object.keys(groupsOf(record))))];
  const bars = names.map((name): Bars => {
    const entries = records.flatMap((record): [PageRecord, number][] => {
      const lost = groupsOf(record)[name]?.lost[type];
      return lost === undefined ? [] : [[record, lost]];
    });
    return { name, values: new Map(entries), intervals: new Map() };
  });
  const most = ({ values }: Bars): number => Math.max(0, ...values.values());
  return bars.length <= mostGroups ? bars : bars.sort((a, b) => most(b) - most(a)).slice(0, mostGroups);
}

/** The totals hold the types, so that only these are said. */
function costliest(record: PageRecord, bars: readonly Bars[]): string {
  const totals: readonly string[] = [errorTypeNames.falsePositive, errorTypeNames.falseNegative];
  const known = bars.flatMap(({ name, values }) => {
    const value = values.get(record);
    return value === undefined || totals.includes(name) ? [] : [{ name, value }];
  });
  if (known.length === 0) return `${record.key} ${record.label} has none of this`;
  const worst = known.reduce((highest, entry) => (entry.value > highest.value ? entry : highest));
  return `${record.key} ${record.label} loses most to ${worst.name} (${formatPoints(worst.value)} of AP)`;
}
