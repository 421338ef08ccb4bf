import { drawUnits, ShapeError, seededRandom } from '@retinabench/core';
import { clopperPearsonInterval, type GroupRates, intervalHolding, percentileInterval } from '@retinabench/results';
import type { PairIndices } from '../template/resolve-pairs.js';
import type { Subjects } from '../verify/subjects.js';
import type { TemplateGroups } from './groups-of-templates.js';

/** Name of the group of pairs, genuine or impostor, whose two templates are of two groups. */
export const acrossGroups = 'across groups';

/** What is broken down. */
export interface GroupedPairs {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
  readonly pairs: PairIndices;
  readonly subjects: Subjects;
  /** Threshold at each target of the FAR, on all pairs. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Draws of the subjects of a group. */
const draws = 200;

/**
 * Error rates by group at thresholds that all pairs decide, as NIST reports them: the same threshold is used on everybody. FNMR (1 - TAR) is of
 * genuine pairs of two templates of the group, FMR (the FAR) of such impostor pairs. Pairs whose two templates are of two groups,
 * genuine ones among them where the column varies within a subject (a camera), stand in `across groups`.
 *
 * Intervals (95 %): of FNMR by bootstrap over the subjects of the group, at the threshold as it is; of FMR by Clopper and Pearson. Where
 * no subject has a miss, as many subjects bound what cannot be excluded.
 *
 * @throws {ShapeError} if scores and pairs differ in number.
 * Cost: O(pairs x targets).
 */
export function verifyGroups(
  { scores, labels, pairs, subjects, thresholds }: GroupedPairs,
  { names, ofTemplate }: TemplateGroups,
): Readonly<Record<string, GroupRates>> {
  if (scores.length !== labels.length || pairs.left.length !== labels.length) {
    throw new ShapeError(`groups: expected ${labels.length} scores and pairs, got ${scores.length}`);
  }
  const targets = Object.entries(thresholds);
  const across = names.length;
  const counts = Array.from({ length: names.length + 1 }, () => new GroupCounts(targets.length));
  for (let pair = 0; pair < labels.length; pair++) {
    const [a, b] = [ofTemplate[pairs.left[pair]], ofTemplate[pairs.right[pair]]];
    if (a < 0 || b < 0) continue;
    const group = counts[a === b ? a : across];
    if (labels[pair] === 0) {
      group.impostors++;
      for (let t = 0; t < targets.length; t++) if (scores[pair] >= targets[t][1]) group.falseMatches[t]++;
    } else {
      const ofSubject = group.subject(subjects.ofTemplate[pairs.left[pair]]);
      ofSubject.genuine++;
      for (let t = 0; t < targets.length; t++) if (!(scores[pair] >= targets[t][1])) ofSubject.misses[t]++;
    }
  }
  const templates = new Int32Array(names.length + 1);
  for (const group of ofTemplate) if (group >= 0) templates[group]++;
  const rates = counts.map((group, at) => ratesOf(group, templates[at], targets));
  return Object.fromEntries(
    [...names, acrossGroups]
      .map((name, at) => [name, rates[at]] as const)
      .filter(([, { genuine, impostors }]) => genuine + impostors > 0),
  );
}

interface SubjectCounts {
  genuine: number;
  readonly misses: Float64Array;
}

class GroupCounts {
  impostors = 0;
  readonly falseMatches: Float64Array;
  readonly bySubject = new Map<number, SubjectCounts>();
  readonly #targets: number;

  constructor(targets: number) {
    this.#targets = targets;
    this.falseMatches = new Float64Array(targets);
  }

  subject(subject: number): SubjectCounts {
    const known = this.bySubject.get(subject) ?? { genuine: 0, misses: new Float64Array(this.#targets) };
    this.bySubject.set(subject, known);
    return known;
  }
}

function ratesOf(
  { impostors, falseMatches, bySubject }: GroupCounts,
  templates: number,
  targets: readonly (readonly [string, number])[],
): GroupRates {
  const subjects = [...bySubject.values()];
  const genuine = subjects.reduce((sum, subject) => sum + subject.genuine, 0);
  const drawn = drawSubjects(subjects);
  return {
    templates,
    subjects: subjects.length,
    genuine,
    impostors,
    at: Object.fromEntries(
      targets.map(([target], t) => {
        const misses = subjects.reduce((sum, subject) => sum + subject.misses[t], 0);
        return [
          target,
          {
            ...(genuine === 0
              ? {}
              : { misses, fnmr: misses / genuine, fnmrInterval: intervalOf(subjects, drawn, t, misses / genuine) }),
            ...(impostors === 0
              ? {}
              : {
                  falseMatches: falseMatches[t],
                  fmr: falseMatches[t] / impostors,
                  fmrInterval: clopperPearsonInterval(falseMatches[t], impostors),
                }),
          },
        ];
      }),
    ),
  };
}

/** How often each subject is in each draw. */
function drawSubjects(subjects: readonly SubjectCounts[]): Uint32Array[] {
  const random = seededRandom(1);
  return Array.from({ length: draws }, () => drawUnits(new Uint32Array(subjects.length), random));
}

function intervalOf(subjects: readonly SubjectCounts[], drawn: readonly Uint32Array[], t: number, fnmr: number) {
  const rates = drawn.map((times) => {
    let [misses, genuine] = [0, 0];
    subjects.forEach((subject, i) => {
      misses += times[i] * subject.misses[t];
      genuine += times[i] * subject.genuine;
    });
    return misses / genuine;
  });
  const interval = intervalHolding(percentileInterval(rates), fnmr);
  if (interval[0] < interval[1]) return interval;
  const [low, high] = clopperPearsonInterval(fnmr === 0 ? 0 : subjects.length, subjects.length);
  return [Math.min(low, interval[0]), Math.max(high, interval[1])] as const;
}
