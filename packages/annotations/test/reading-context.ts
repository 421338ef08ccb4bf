import type { ReadingContext, ReadingSettings } from '../src/reading/reading.js';
import { flagsWith } from '../src/reading/reading.js';

/** A context for readers that keeps what they note and were told. */
export function readingContext(settings: ReadingSettings = {}): ReadingContext & {
  readonly notes: string[];
  readonly settings: Map<string, string>;
} {
  const notes: string[] = [];
  const told = new Map<string, string>();
  return {
    ...settings,
    flag: flagsWith('--gt-'),
    note: (text) => {
      notes.push(text);
    },
    told: (name, value) => {
      told.set(name, value);
    },
    notes,
    settings: told,
  };
}
