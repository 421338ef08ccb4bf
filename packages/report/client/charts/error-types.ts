import { formatCount, type TideAnalysis } from '@retinabench/results';
import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type DrawnErrorType, dividedTypes, errorTypeChart, errorTypeNames } from './error-type-chart.js';

interface Row {
  readonly record: PageRecord;
  readonly attribute: string;
  readonly group: string;
  readonly type: string;
  readonly lost: number;
  readonly count: number;
}

const allFaces = 'all faces';

/** What each type of error costs in AP, of all faces or by an attribute. */
export function errorTypePanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const rows = data.records.flatMap((record) => (record.tide === undefined ? [] : rowsOf(record, record.tide)));
  if (rows.length === 0) return undefined;
  const by = labelledSelect('by', [...new Set(rows.map(({ attribute }) => attribute))]);
  const type = labelledSelect('of', dividedTypes);
  return chartPanel<'bar', Row>({
    title: 'Errors by type',
    hint: 'AP that would be gained were this type of error put right alone (TIDE); lower is better. The types do not add up to what is missing. Lines are 95 % intervals.',
    selection,
    controls: [by, type],
    showSummary: true,
    draw: () => {
      type.hidden = by.value === allFaces;
      const records = selection.shown(({ tide }) => tide !== undefined);
      if (records.length === 0) return undefined;
      const chosen = dividedTypes.find((name) => name === type.value) ?? dividedTypes[0];
      const divided = by.value === allFaces ? {} : { by: { attribute: by.value, type: chosen } };
      return { ...errorTypeChart({ records, ...divided, colours: chartColours(themeColour, data.records) }), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'By', value: ({ attribute }) => attribute },
      { heading: 'Group', value: ({ group }) => group },
      { heading: 'Type', value: ({ type: of }) => of },
      { heading: 'AP lost', numeric: true, value: ({ lost }) => lost, show: ({ lost }) => formatPoints(lost) },
      { heading: 'Count', numeric: true, value: ({ count }) => count, show: ({ count }) => formatCount(count) },
    ],
  });
}

function rowsOf(record: PageRecord, { lost, counts, groups = {} }: TideAnalysis): Row[] {
  const countOf = (of: TideAnalysis['counts'], type: DrawnErrorType): number => {
    if (type === 'falsePositive') return of.falsePositives;
    return type === 'falseNegative' ? of.falseNegatives : of[type];
  };
  const types = Object.keys(errorTypeNames) as DrawnErrorType[];
  const whole = types.map((type) => ({
    record,
    attribute: allFaces,
    group: '',
    type: errorTypeNames[type],
    lost: lost[type],
    count: countOf(counts, type),
  }));
  const divided = Object.entries(groups).flatMap(([attribute, bins]) =>
    Object.entries(bins).flatMap(([group, bin]) =>
      dividedTypes.flatMap((type) => {
        const own = bin.lost[type];
        if (own === undefined) return [];
        const count = countOf(bin.counts, type);
        return [{ record, attribute, group, type: errorTypeNames[type], lost: own, count }];
      }),
    ),
  );
  return [...whole, ...divided];
}
