import type { PairIndices } from '../score/score-pairs.js';
import type { Subjects } from '../verify/subjects.js';
import { type Diagnosis, formatCount, formatFirst } from './diagnosis.js';

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
 * Cost: one pass over the pairs and a bit for every possible pair of templates (34 MB for IJB-C).
 */
export function diagnosePairs(check: PairCheck): Diagnosis[] {
  const { pairs, labels, subjects, ids, place } = check;
  const lineOf = (pair: number): string =>
    `line ${pair + 1} (${ids[pairs.left[pair]]} ${ids[pairs.right[pair]]} ${labels[pair]})`;
  const bothWays: string[] = [];
  const repeated: string[] = [];
  const contradicted = new Set<number>();
  for (const group of repeatedPairs(check)) {
    const unlike = group.find((pair) => labels[pair] !== labels[group[0]]);
    const [first, second] = unlike === undefined ? group : [group[0], unlike];
    (unlike === undefined ? repeated : bothWays).push(`${lineOf(first)} and ${lineOf(second)}`);
    if (unlike !== undefined) for (const pair of group) contradicted.add(pair);
  }
  const joined: string[] = [];
  const itself: string[] = [];
  for (let pair = 0; pair < labels.length; pair++) {
    if (pairs.left[pair] === pairs.right[pair]) itself.push(lineOf(pair));
    else if (labels[pair] === 0 && subjects.ofTemplate[pairs.left[pair]] === subjects.ofTemplate[pairs.right[pair]]) {
      if (!contradicted.has(pair)) joined.push(lineOf(pair));
    }
  }
  const seen = (found: readonly string[], what: string): string =>
    `${place}: ${formatCount(found.length)} ${what}: ${formatFirst(found, namedAtMost)}`;
  const diagnoses: Diagnosis[] = [];
  if (bothWays.length > 0) {
    diagnoses.push({
      code: 'pairs-contradict',
      level: 'error',
      evidence: seen(
        bothWays,
        `pair${bothWays.length === 1 ? ' is' : 's are'} labelled both genuine and impostor, which contradict each other`,
      ),
      effect: 'one of the labels is wrong, and TAR or FAR counts the pair on the wrong side',
      fix: 'remove the wrong line of each',
    });
  }
  if (joined.length > 0) {
    diagnoses.push({
      code: 'pairs-contradict-subjects',
      level: 'warning',
      evidence: seen(
        joined,
        `impostor pair${joined.length === 1 ? '' : 's'} of templates that genuine pairs join into one subject; the labels contradict each other`,
      ),
      effect:
        'a genuine pair between two people, or an impostor pair of one, is counted on the wrong side; and intervals take both people for one',
      fix: 'correct the labels of these pairs, or those of the genuine pairs between their templates',
    });
  }
  if (itself.length > 0) {
    diagnoses.push({
      code: 'pairs-of-one-template',
      level: labelsAnImpostor(check) ? 'error' : 'warning',
      evidence: seen(itself, `pair${itself.length === 1 ? '' : 's'} of a template with itself`),
      effect: 'such a pair always has the highest score',
      fix: 'remove these lines',
    });
  }
  if (repeated.length > 0) {
    diagnoses.push({
      code: 'pairs-repeated',
      level: 'warning',
      evidence: seen(repeated, `pair${repeated.length === 1 ? ' is' : 's are'} listed more than once`),
      effect: 'each line counts, as in the public scripts, so that these pairs weigh more than others',
      fix: 'remove the repeated lines',
    });
  }
  return diagnoses;
}

function labelsAnImpostor({ pairs, labels }: PairCheck): boolean {
  return labels.some((label, pair) => label === 0 && pairs.left[pair] === pairs.right[pair]);
}

/** Pairs of the same two templates, each group in the order of the list. */
function repeatedPairs({ pairs: { left, right }, labels, ids }: PairCheck): number[][] {
  const keyOf = (pair: number): number => {
    const low = Math.min(left[pair], right[pair]);
    const high = Math.max(left[pair], right[pair]);
    return (high * (high + 1)) / 2 + low;
  };
  const repeatedKeys = new Set<number>();
  const bits = (ids.length * (ids.length + 1)) / 2;
  if (bits <= maxTableBits) {
    const seen = new Uint32Array(Math.ceil(bits / 32));
    for (let pair = 0; pair < labels.length; pair++) {
      const key = keyOf(pair);
      const bit = 1 << (key & 31);
      const word = key >>> 5;
      if ((seen[word] & bit) !== 0) repeatedKeys.add(key);
      else seen[word] |= bit;
    }
  } else {
    const keys = Float64Array.from(labels, (_, pair) => keyOf(pair)).sort();
    for (let i = 1; i < keys.length; i++) if (keys[i] === keys[i - 1]) repeatedKeys.add(keys[i]);
  }
  if (repeatedKeys.size === 0) return [];
  const groups = new Map<number, number[]>();
  for (let pair = 0; pair < labels.length; pair++) {
    const key = keyOf(pair);
    if (!repeatedKeys.has(key)) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pair]);
    else group.push(pair);
  }
  return [...groups.values()];
}
