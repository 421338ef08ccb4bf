import { formatCount } from '@retinabench/results';
import type { PairIndices } from '../template/resolve-pairs.js';
import type { Subjects } from '../verify/subjects.js';
import { type Diagnosis, formatFirst } from './diagnosis.js';

/** A pair list as it is checked. */
export interface PairCheck {
  /** The pair file's name; pair i is its line i + 1. */
  readonly place: string;
  readonly pairs: PairIndices;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  readonly subjects: Subjects;
  /** Int32Array [templates]: template ids, ascending. */
  readonly ids: Int32Array;
}

/** Instances that a message names. */
const namedAtMost = 5;

/** Bits of the largest table of pairs seen (128 MiB); beyond it a sort finds what repeats. */
const maxTableBits = 2 ** 30;

/**
 * Whether a pair list contradicts itself: a pair listed as genuine and as impostor (in either order of its templates), an
 * impostor pair of templates that genuine pairs join, a template compared with itself, and a pair listed several times.
 *
 * Cost: one pass over the pairs and a bit for every possible pair of templates: 34 MB and about a second of CPU for IJB-C in random
 * order.
 */
export function diagnosePairs(check: PairCheck): Diagnosis[] {
  const repetitions = contradictedAndRepeated(check);
  const { joined, itself } = pairsWithinSubjects(check, repetitions.contradicted);
  return [
    ...bothWaysFound(check, repetitions.bothWays),
    ...joinedFound(check, joined),
    ...itselfFound(check, itself),
    ...repeatedFound(check, repetitions.repeated),
  ];
}

/** Pairs that are listed more than once: with both labels, or with one. */
function contradictedAndRepeated(check: PairCheck): {
  readonly bothWays: readonly string[];
  readonly repeated: readonly string[];
  /** Every pair of those with both labels. */
  readonly contradicted: ReadonlySet<number>;
} {
  const { labels } = check;
  const bothWays: string[] = [];
  const repeated: string[] = [];
  const contradicted = new Set<number>();
  for (const group of repeatedPairs(check)) {
    const unlike = group.find((pair) => labels[pair] !== labels[group[0]]);
    const [first, second] = unlike === undefined ? group : [group[0], unlike];
    (unlike === undefined ? repeated : bothWays).push(`${lineOf(check, first)} and ${lineOf(check, second)}`);
    if (unlike !== undefined) for (const pair of group) contradicted.add(pair);
  }
  return { bothWays, repeated, contradicted };
}

/** Pairs of a template with itself, and impostor pairs of one subject that do not contradict themselves already. */
function pairsWithinSubjects(
  check: PairCheck,
  contradicted: ReadonlySet<number>,
): { readonly joined: readonly string[]; readonly itself: readonly string[] } {
  const { pairs, labels, subjects } = check;
  const { left, right } = pairs;
  const { ofTemplate } = subjects;
  const joined: string[] = [];
  const itself: string[] = [];
  for (let pair = 0; pair < labels.length; pair++) {
    const a = left[pair];
    const b = right[pair];
    if (ofTemplate[a] !== ofTemplate[b]) continue;
    if (a === b) itself.push(lineOf(check, pair));
    else if (labels[pair] === 0 && !contradicted.has(pair)) joined.push(lineOf(check, pair));
  }
  return { joined, itself };
}

function bothWaysFound({ place }: PairCheck, bothWays: readonly string[]): Diagnosis[] {
  if (bothWays.length === 0) return [];
  const what = `pair${bothWays.length === 1 ? ' is' : 's are'} labelled both genuine and impostor, which contradict each other`;
  return [
    {
      code: 'pairs-contradict',
      level: 'error',
      evidence: evidenceOf(place, bothWays, what),
      effect: 'one of the labels is wrong, and TAR or FAR counts the pair on the wrong side',
      fix: 'remove the wrong line of each',
    },
  ];
}

function joinedFound({ place }: PairCheck, joined: readonly string[]): Diagnosis[] {
  if (joined.length === 0) return [];
  const what = `impostor pair${joined.length === 1 ? '' : 's'} of templates that genuine pairs join into one subject; the labels contradict each other`;
  return [
    {
      code: 'pairs-contradict-subjects',
      level: 'warning',
      evidence: evidenceOf(place, joined, what),
      effect:
        'a genuine pair between two people, or an impostor pair of one, is counted on the wrong side; and intervals take both people for one',
      fix: 'correct the labels of these pairs, or those of the genuine pairs between their templates',
    },
  ];
}

function itselfFound(check: PairCheck, itself: readonly string[]): Diagnosis[] {
  if (itself.length === 0) return [];
  return [
    {
      code: 'pairs-of-one-template',
      level: labelsAnImpostor(check) ? 'error' : 'warning',
      evidence: evidenceOf(check.place, itself, `pair${itself.length === 1 ? '' : 's'} of a template with itself`),
      effect: 'such a pair always has the highest score',
      fix: 'remove these lines',
    },
  ];
}

function repeatedFound({ place }: PairCheck, repeated: readonly string[]): Diagnosis[] {
  if (repeated.length === 0) return [];
  const what = `pair${repeated.length === 1 ? ' is' : 's are'} listed more than once`;
  return [
    {
      code: 'pairs-repeated',
      level: 'warning',
      evidence: evidenceOf(place, repeated, what),
      effect: 'each line counts, as in the public scripts, so that these pairs weigh more than others',
      fix: 'remove the repeated lines',
    },
  ];
}

function evidenceOf(place: string, found: readonly string[], what: string): string {
  return `${place}: ${formatCount(found.length)} ${what}: ${formatFirst(found, namedAtMost)}`;
}

function lineOf({ pairs, labels, ids }: PairCheck, pair: number): string {
  return `line ${pair + 1} (${ids[pairs.left[pair]]} ${ids[pairs.right[pair]]} ${labels[pair]})`;
}

function labelsAnImpostor({ pairs, labels }: PairCheck): boolean {
  return labels.some((label, pair) => label === 0 && pairs.left[pair] === pairs.right[pair]);
}

/** Pairs of the same two templates, each group in the order of the list. */
function repeatedPairs({ pairs: { left, right }, labels, ids }: PairCheck): number[][] {
  const count = labels.length;
  const bits = (ids.length * (ids.length + 1)) / 2;
  const repeatedKeys =
    bits <= maxTableBits ? repeatedInTable(left, right, ids.length) : repeatedWhenSorted(left, right);
  if (repeatedKeys.size === 0) return [];
  const groups = new Map<number, number[]>();
  for (let pair = 0; pair < count; pair++) {
    const key = keyOf(left[pair], right[pair]);
    if (!repeatedKeys.has(key)) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pair]);
    else group.push(pair);
  }
  return [...groups.values()];
}

/** A number for two templates, whatever their order. */
function keyOf(a: number, b: number): number {
  const high = Math.max(a, b);
  return (high * (high + 1)) / 2 + Math.min(a, b);
}

/** Keys that occur twice, by a bit for every key; keys fit into 31 bits. */
function repeatedInTable(left: Int32Array, right: Int32Array, templates: number): Set<number> {
  const rowStarts = Int32Array.from({ length: templates }, (_, high) => keyOf(high, 0));
  const seen = new Int32Array(Math.ceil(keyOf(templates, 0) / 32));
  const repeated = new Set<number>();
  for (let pair = 0; pair < left.length; pair++) {
    const a = left[pair];
    const b = right[pair];
    const key = a > b ? rowStarts[a] + b : rowStarts[b] + a;
    const word = key >> 5;
    const bit = 1 << (key & 31);
    if ((seen[word] & bit) !== 0) repeated.add(key);
    else seen[word] |= bit;
  }
  return repeated;
}

function repeatedWhenSorted(left: Int32Array, right: Int32Array): Set<number> {
  const keys = Float64Array.from(left, (a, pair) => keyOf(a, right[pair])).sort();
  return new Set(keys.filter((key, i) => i > 0 && key === keys[i - 1]));
}
