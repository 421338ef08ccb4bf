import type { PageRecord } from '../../src/page/page-data.js';
import { severalConditions } from '../several-conditions.js';

/** A number of which the page shows the extreme. */
export interface LeaderOptions {
  /** `AP, hard`. */
  readonly title: string;
  readonly value: (record: PageRecord) => number | undefined;
  readonly better: 'higher' | 'lower';
  /** Of what no protocol or data set changes, such as the size of a model. */
  readonly anywhere?: boolean;
}

/** The record with the extreme of a number. */
export interface Leader {
  /** `Best AP, hard`; across protocols or data sets the extreme is no winner: `Highest AP, hard, of 2 protocols`. */
  readonly heading: string;
  readonly record: PageRecord;
  readonly number: number;
}

/** The extreme of a number among the records that have it; undefined if none has. */
export function leaderOf(records: readonly PageRecord[], options: LeaderOptions): Leader | undefined {
  const { title, value, better, anywhere = false } = options;
  const sign = better === 'lower' ? 1 : -1;
  const ranked = records
    .flatMap((record) => {
      const number = value(record);
      return number === undefined ? [] : [{ record, number }];
    })
    .sort((a, b) => sign * (a.number - b.number));
  const first = ranked[0];
  if (first === undefined) return undefined;
  const conditions = anywhere ? undefined : severalConditions(ranked.map(({ record }) => record));
  const plain = better === 'lower' ? 'Lowest' : 'Best';
  const across = better === 'lower' ? 'Lowest' : 'Highest';
  const heading = conditions === undefined ? `${plain} ${title}` : `${across} ${title}, of ${conditions}`;
  return { heading, ...first };
}

/**
 * The lowest landmark error of each normaliser: errors as shares of different lengths of the face have no order. Pixels,
 * which no length divides, are left out.
 */
export function landmarkLeaders(records: readonly PageRecord[]): Leader[] {
  const normaliserOf = ({ protocol, landmarks }: PageRecord): string | undefined =>
    landmarks?.matchedOnly === undefined || protocol.normaliser === 'pixels'
      ? undefined
      : String(protocol.normaliser ?? 'unknown');
  const normalisers = [...new Set(records.map(normaliserOf))].filter((name) => name !== undefined);
  return normalisers.flatMap((normaliser) => {
    const leader = leaderOf(
      records.filter((record) => normaliserOf(record) === normaliser),
      {
        title: normalisers.length === 1 ? 'landmark error' : `landmark error by ${normaliser}`,
        value: ({ landmarks }) => landmarks?.matchedOnly?.nme,
        better: 'lower',
      },
    );
    return leader === undefined ? [] : [leader];
  });
}
