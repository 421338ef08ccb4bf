import { formatCount } from '@retinabench/results';
import { formatPoints, significant } from '../../src/format/number.js';
import type { PageData, PageRecord, SpeedPoint } from '../../src/page/page-data.js';
import type { Column } from '../../src/page/parts/data-table.js';
import { recordLink } from '../../src/page/parts/source-note.js';
import { shownSplits } from './speed-accuracy-chart.js';

/** A row of the numbers behind the chart of speed and accuracy. */
export interface SpeedRow {
  readonly point: SpeedPoint;
  /** The record with the AP. */
  readonly record: PageRecord;
  /** The record with the time. */
  readonly latencyRecord: PageRecord;
}

/** The columns of the numbers behind the chart of speed and accuracy. */
export function speedColumns(data: PageData): Column<SpeedRow>[] {
  return [
    {
      heading: 'Record',
      value: ({ point }) => `${point.key} ${point.label}`,
      show: ({ record }) => recordLink(data, record),
    },
    {
      heading: 'Time from',
      value: ({ point }) => point.latencyKey,
      show: ({ latencyRecord }) => recordLink(data, latencyRecord),
    },
    milliseconds('Total ms', ({ latencyMs }) => latencyMs),
    milliseconds('Total low', ({ latencyInterval }) => latencyInterval[0]),
    milliseconds('Total high', ({ latencyInterval }) => latencyInterval[1]),
    ...shownSplits.map((split) => number(`AP ${split}`, ({ ap }) => ap?.[split], formatPoints)),
    number('Parameters', ({ parameters }) => parameters, formatCount),
  ];
}

function milliseconds(heading: string, value: (point: SpeedPoint) => number): Column<SpeedRow> {
  return number(heading, value, significant);
}

/** A number that some points lack: their cell is empty. */
function number(
  heading: string,
  read: (point: SpeedPoint) => number | undefined,
  format: (value: number) => string,
): Column<SpeedRow> {
  return {
    heading,
    numeric: true,
    value: ({ point }) => read(point),
    show: ({ point }) => {
      const value = read(point);
      return value === undefined ? '' : format(value);
    },
  };
}
