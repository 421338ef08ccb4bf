import type { PageRecord } from '../page-data.js';

/** Number of `--series-N` colours in page.css. */
export const seriesColours = 8;

/** Shapes that marks have, in order. */
export const markShapes = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'cross'] as const;

/** Number of patterns that lines have. */
export const lineDashes = 6;

/** How a record's series looks in every chart. */
export interface SeriesPlace {
  /** Of the model: 0 .. seriesColours - 1. */
  readonly colour: number;
  /** Of the backend: index of `markShapes`. */
  readonly shape: number;
  /** Pattern of lines, 0 .. lineDashes - 1: of the backend too, and of what else tells records apart. */
  readonly dash: number;
}

/** What the charts draw by record: two records that hold one of these stand in one chart. */
const drawn = [
  ...(['ap', 'curves', 'breakdown', 'tide', 'calibration', 'detection', 'landmarks', 'loss', 'positives'] as const),
  ...(['tar', 'roc', 'rank', 'tpir', 'identificationCurve'] as const),
] satisfies readonly (keyof PageRecord)[];

const known = new WeakMap<readonly PageRecord[], ReadonlyMap<string, SeriesPlace>>();

/**
 * The look of each record's series, by its key: one colour a model, one mark a backend, in every chart. Records of one model
 * and backend that may share a chart differ in the pattern of their lines. Past the palette two models share a colour and
 * differ in the pattern.
 */
export function seriesPlaces(records: readonly PageRecord[]): ReadonlyMap<string, SeriesPlace> {
  const before = known.get(records);
  if (before !== undefined) return before;
  const models = new Map<string, number>();
  const backends = new Map<string | undefined, number>();
  const places = new Map<string, SeriesPlace>();
  records.forEach((record, index) => {
    const colour = orderOf(models, record.model?.sha256 ?? record.model?.id ?? record.key) % seriesColours;
    const shape = orderOf(backends, record.backend?.id) % markShapes.length;
    const beside = records.slice(0, index).filter((other) => mayShareChart(record, other));
    const isTaken = (dash: number): boolean =>
      beside.some(({ key }) => {
        const other = places.get(key);
        return other?.colour === colour && other.dash === dash;
      });
    const patterns = Array.from({ length: lineDashes }, (_, step) => (shape + step) % lineDashes);
    places.set(record.key, { colour, shape, dash: patterns.find((dash) => !isTaken(dash)) ?? patterns[0] });
  });
  known.set(records, places);
  return places;
}

function orderOf<Key>(order: Map<Key, number>, key: Key): number {
  const place = order.get(key) ?? order.size;
  order.set(key, place);
  return place;
}

function mayShareChart(a: PageRecord, b: PageRecord): boolean {
  return a.kind === b.kind || drawn.some((field) => a[field] !== undefined && b[field] !== undefined);
}
