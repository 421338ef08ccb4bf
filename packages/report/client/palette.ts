import type { PageRecord } from '../src/page/page-data.js';
import {
  type lineDashes,
  markShapes,
  type SeriesPlace,
  seriesColours,
  seriesPlaces,
} from '../src/page/parts/series-places.js';

const dashes = [[], [6, 3], [2, 3], [10, 3, 2, 3], [14, 4], [1, 2]] as const satisfies {
  readonly length: typeof lineDashes;
};

const fills = [0.8, 0.5, 0.3, 0.15] as const;

/** The colour of a custom property of the page's style, such as `text-soft`; `themeColour` in the page. */
export type ColourOf = (property: string) => string;

/** How one series is told from the others: by colour, and by shape and dash for who cannot tell the colours. */
export interface SeriesStyle {
  readonly colour: string;
  readonly shape: (typeof markShapes)[number];
  readonly dash: readonly number[];
  /** Opacity of bars, 0..1: another one for each backend of a model. */
  readonly fill: number;
}

/** The style of series `index`. */
export function seriesStyle(colourOf: ColourOf, index: number): SeriesStyle {
  return {
    colour: colourOf(`series-${(index % seriesColours) + 1}`),
    shape: markShapes[index % markShapes.length],
    dash: dashes[Math.floor(index / seriesColours) % dashes.length],
    fill: fills[0],
  };
}

/** The style of a record's series: the colour of its model, the mark of its backend. */
export function recordStyle(colourOf: ColourOf, { colour, shape, dash }: SeriesPlace): SeriesStyle {
  return {
    colour: colourOf(`series-${colour + 1}`),
    shape: markShapes[shape],
    dash: dashes[dash],
    fill: fills[shape % fills.length],
  };
}

/** The place of a record's series among `records`, all those of the page. */
export function seriesPlace(records: readonly PageRecord[], record: PageRecord): SeriesPlace {
  return seriesPlaces(records).get(record.key) ?? { colour: 0, shape: 0, dash: 0 };
}

/** Where a chart takes its colours from. */
export interface ChartColours {
  readonly colourOf: ColourOf;
  /** The style of a record's series, the same in all charts. */
  readonly styleOf: (record: PageRecord) => SeriesStyle;
}

/** The colours of charts that show some of `records`. */
export function chartColours(colourOf: ColourOf, records: readonly PageRecord[]): ChartColours {
  return { colourOf, styleOf: (record) => recordStyle(colourOf, seriesPlace(records, record)) };
}

/** `colour` with opacity: hex #rrggbb to #rrggbbaa. */
export function translucent(colour: string, opacity: number): string {
  return `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
