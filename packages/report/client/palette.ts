import type { PageRecord } from '../src/page/page-data.js';
import { seriesColours, seriesPlaces } from './series-places.js';

const shapes = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'cross'] as const;
const dashes = [[], [6, 3], [2, 3], [10, 3, 2, 3]] as const;

/** The colour of a custom property of the page's style, such as `text-soft`; `themeColour` in the page. */
export type ColourOf = (property: string) => string;

/** How one series is told from the others: by colour, and by shape and dash for who cannot tell the colours. */
export interface SeriesStyle {
  readonly colour: string;
  readonly shape: (typeof shapes)[number];
  readonly dash: readonly number[];
}

/** The style of series `index`. */
export function seriesStyle(colourOf: ColourOf, index: number): SeriesStyle {
  return {
    colour: colourOf(`series-${(index % seriesColours) + 1}`),
    shape: shapes[index % shapes.length],
    dash: dashes[Math.floor(index / seriesColours) % dashes.length],
  };
}

/** The place of a record's series among `records`, all those of the page. */
export function seriesIndex(records: readonly PageRecord[], record: PageRecord): number {
  return seriesPlaces(records).get(record.key) ?? 0;
}

/** Where a chart takes its colours from. */
export interface ChartColours {
  readonly colourOf: ColourOf;
  /** The style of a record's series, the same in all charts. */
  readonly styleOf: (record: PageRecord) => SeriesStyle;
}

/** The colours of charts that show some of `records`. */
export function chartColours(colourOf: ColourOf, records: readonly PageRecord[]): ChartColours {
  return { colourOf, styleOf: (record) => seriesStyle(colourOf, seriesIndex(records, record)) };
}

/** `colour` with opacity: hex #rrggbb to #rrggbbaa. */
export function translucent(colour: string, opacity: number): string {
  return `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
