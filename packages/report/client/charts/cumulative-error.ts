import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { cumulativeErrorChart } from './cumulative-error-chart.js';

interface Row {
  readonly record: PageRecord;
  readonly error: number;
  readonly share: number;
}

/** The cumulative error distribution of landmarks, a line per record. Errors in pixels are drawn where no others are. */
export function cumulativeErrorPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const normalised = data.records.some(
    ({ landmarks, protocol }) => landmarks !== undefined && protocol.normaliser !== 'pixels',
  );
  const has = ({ landmarks, protocol }: PageRecord): boolean =>
    landmarks !== undefined && (protocol.normaliser === 'pixels') !== normalised;
  const rows: Row[] = data.records.filter(has).flatMap((record) =>
    (record.landmarks?.ced.error ?? []).map((error, index) => ({
      record,
      error,
      share: record.landmarks?.ced.share[index] ?? 0,
    })),
  );
  if (rows.length === 0) return undefined;
  return chartPanel<'line', Row>({
    title: 'Cumulative error of landmarks',
    hint: 'The further up and to the left, the better. A missed face has an infinite error and is in no share.',
    selection,
    draw: () => {
      const records = selection.shown(has);
      if (records.length === 0) return undefined;
      return { ...cumulativeErrorChart(records, chartColours(themeColour, data.records)), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Error', numeric: true, value: ({ error }) => error },
      { heading: 'Faces', numeric: true, value: ({ share }) => share, show: ({ share }) => formatPoints(share) },
    ],
  });
}
