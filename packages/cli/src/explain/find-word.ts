import type { Word } from './word.js';
import { detectorWords } from './words/detector-words.js';
import { resultWords } from './words/result-words.js';
import { scoringWords } from './words/scoring-words.js';
import { tableWords } from './words/table-words.js';

/** All words, those of results first. */
export const allWords: readonly Word[] = [...resultWords, ...scoringWords, ...detectorWords, ...tableWords];

/** What is known of a word: its meanings, or the words that are most like it. */
export type FoundWord =
  | { readonly kind: 'found'; readonly words: readonly Word[] }
  | { readonly kind: 'unknown'; readonly nearest: readonly string[] };

/** Most words that are proposed. */
const fewWords = 5;

/** Look a word up, as records, tables and flags write it: `nmsIou`, `--nms-iou` and `NMS IoU` are one. */
export function findWord(asked: string): FoundWord {
  const wanted = plain(asked);
  const exact = allWords.filter((word) => namesOf(word).some((name) => plain(name) === wanted));
  if (exact.length > 0) return { kind: 'found', words: exact };
  const begins = allWords.filter(
    ({ word }) => word.endsWith('.*') && asked.includes('.') && wanted.startsWith(plain(word.slice(0, -2))),
  );
  if (begins.length > 0) return { kind: 'found', words: begins };
  const ranked = [...new Set(allWords.flatMap(namesOf))]
    .map((name) => ({ name, distance: distanceOf(wanted, plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  return { kind: 'unknown', nearest: ranked.slice(0, fewWords).map(({ name }) => name) };
}

function namesOf({ word, also = [] }: Word): string[] {
  return [word.replace(/\.\*$/, ''), ...also];
}

/** Letters and digits alone, in lower case, of one and of several things alike. */
function plain(text: string): string {
  const letters = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return letters.length > 4 ? letters.replace(/s$/, '') : letters;
}

/** A part of the other is nearest; else by the share of pairs of letters that both have (Dice). */
function distanceOf(a: string, b: string): number {
  if (a.length > 2 && (b.includes(a) || a.includes(b))) return Math.abs(a.length - b.length) / 100;
  const [mine, theirs] = [pairsOf(a), pairsOf(b)];
  const shared = mine.filter((pair) => theirs.includes(pair)).length;
  return 1 - (2 * shared) / Math.max(1, mine.length + theirs.length);
}

function pairsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
}
