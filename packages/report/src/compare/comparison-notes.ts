import type { ComparedNumber } from './compare-records.js';

/** What is to be said of several numbers of one record, once. */
export interface ComparisonNote {
  /** `ap.easy, ap.hard`, or `all 14 numbers`. */
  readonly numbers: string;
  /** `not comparable: another protocol: ...`, or a caveat. */
  readonly text: string;
}

/** So many keys are named even where they are all of a record. */
const fewKeys = 3;

/**
 * Why numbers of one record are not comparable, and the caveats of those that are: each once, with the numbers that it is
 * said of.
 */
export function comparisonNotes(compared: readonly ComparedNumber[]): ComparisonNote[] {
  const keysOf = new Map<string, string[]>();
  for (const number of compared) {
    const text = noteOf(number);
    if (text !== undefined) keysOf.set(text, [...(keysOf.get(text) ?? []), number.key]);
  }
  return [...keysOf].map(([text, keys]) => ({
    numbers: keys.length === compared.length && keys.length > fewKeys ? `all ${keys.length} numbers` : keys.join(', '),
    text,
  }));
}

/** How a number was compared, without what its note says. */
export function howWithoutNote(number: ComparedNumber): string {
  if (number.mark === 'not comparable') return 'see the note above';
  const { how, caveat } = number;
  return caveat === undefined ? how : how.replace(`; ${caveat}`, () => '; see the note above');
}

function noteOf({ mark, how, caveat }: ComparedNumber): string | undefined {
  return mark === 'not comparable' ? `not comparable: ${how}` : caveat;
}
