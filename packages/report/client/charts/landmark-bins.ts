import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type TermRow, termChart } from './term-chart.js';

/** Mean error of landmarks by a column such as yaw, or by part of the face: a group of bars per bin. */
export function landmarkBinsPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const columns = [...new Set(data.records.flatMap(({ landmarks }) => Object.keys(landmarks?.bins ?? {})))];
  const by = labelledSelect('by', ['part of the face', ...columns]);
  const rowsOf = (record: PageRecord): TermRow[] => {
    const { landmarks, protocol } = record;
    if (protocol.normaliser === 'pixels') return [];
    const byPart = Object.entries(landmarks?.perGroup ?? {}).map(([term, value]) => ({ record, term, value }));
    const byBin = Object.entries(landmarks?.bins?.[by.value] ?? {}).flatMap(([term, { nme }]) =>
      nme === undefined ? [] : [{ record, term, value: nme }],
    );
    return columns.includes(by.value) ? byBin : byPart;
  };
  const rows = data.records.flatMap(rowsOf);
  if (rows.length === 0) return undefined;
  return chartPanel<'bar', TermRow>({
    title: 'Landmark error by bin',
    hint: 'Lower is better: mean normalised error of the matched faces.',
    selection,
    controls: [by],
    draw: () => {
      const records = selection.shown((record) => rowsOf(record).length > 0);
      if (records.length === 0) return undefined;
      const terms = new Map(records.map((record) => [record, rowsOf(record)]));
      const colours = chartColours(themeColour, data.records);
      return { ...termChart({ axisTitle: 'Mean error', terms, format: formatPoints, colours }), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Bin', value: ({ term }) => term },
      { heading: 'Mean error', numeric: true, value: ({ value }) => value, show: ({ value }) => formatPoints(value) },
    ],
  });
}
