import type { ChartDataset, ChartType } from 'chart.js';
import type { ChartDrawing } from '../../../client/chart-panel.js';
import { chartColours } from '../../../client/palette.js';
import type { PageRecord } from '../../../src/page/page-data.js';
import { syntheticRecord } from '../../synthetic.js';

/** A record of the page, `R1` for index 0, with the fields that its chart reads. */
export function shownRecord(index: number, fields: Partial<PageRecord>): PageRecord {
  const key = `R${index + 1}`;
  return {
    ...syntheticRecord({ kind: 'wider' }),
    key,
    label: `detector ${index + 1}`,
    file: `${key}.json`,
    baselineKey: key,
    compared: [],
    ...fields,
  };
}

/** A colour that names its property, in the form that charts make translucent. */
export const colourOf = (property: string): string => `#${property}`;

/** The colours of charts of these records. */
export const coloursOf = (records: readonly PageRecord[]) => chartColours(colourOf, records);

/** The series of a drawing. */
export function seriesOf<Type extends ChartType>(drawing: ChartDrawing<Type>): ChartDataset<Type>[] {
  return drawing.config.data.datasets;
}
