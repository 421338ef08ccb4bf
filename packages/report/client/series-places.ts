import type { PageRecord } from '../src/page/page-data.js';

/** What the charts draw by record: two records that hold one of these stand in one chart. */
const drawn = [
  ...(['ap', 'curves', 'breakdown', 'tide', 'calibration', 'detection', 'landmarks', 'loss', 'positives'] as const),
  ...(['tar', 'roc', 'rank', 'tpir', 'identificationCurve'] as const),
] satisfies readonly (keyof PageRecord)[];

const known = new WeakMap<readonly PageRecord[], ReadonlyMap<string, number>>();

/**
 * The place of each record's series, by its key: 0, 1, ... No two records that may share a chart have one place, of one
 * kind or of several. A model keeps its place in records that share no chart; other models take new places first.
 */
export function seriesPlaces(records: readonly PageRecord[]): ReadonlyMap<string, number> {
  const before = known.get(records);
  if (before !== undefined) return before;
  const places = new Map<string, number>();
  records.forEach((record, index) => {
    const earlier = records.slice(0, index);
    const placeOf = ({ key }: PageRecord): number => places.get(key) ?? 0;
    const beside = new Set(earlier.filter((other) => mayShareChart(record, other)).map(placeOf));
    const ofModel = earlier.filter(({ model }) => model !== undefined && model.id === record.model?.id).map(placeOf);
    const free = ofModel.find((place) => !beside.has(place)) ?? firstWithout(new Set(earlier.map(placeOf)));
    places.set(record.key, free < seriesColours ? free : firstWithout(beside));
  });
  known.set(records, places);
  return places;
}

/** Number of `--series-N` colours in page.css. */
export const seriesColours = 8;

function mayShareChart(a: PageRecord, b: PageRecord): boolean {
  return a.kind === b.kind || drawn.some((field) => a[field] !== undefined && b[field] !== undefined);
}

function firstWithout(taken: ReadonlySet<number>): number {
  let place = 0;
  while (taken.has(place)) place++;
  return place;
}
