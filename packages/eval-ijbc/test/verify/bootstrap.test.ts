import { ProtocolError, seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { type RankedPairs, resampleTar } from '../../src/verify/bootstrap.js';
import { tarDifference } from '../../src/verify/difference.js';
import { weighPairs } from '../../src/verify/pair-weights.js';
import { pickPoints } from '../../src/verify/pick.js';
import { RankedScores } from '../../src/verify/ranked-scores.js';
import { computeRoc } from '../../src/verify/roc.js';
import { subjectsOfPairs } from '../../src/verify/subjects.js';

/** All pairs of 3 templates of each of `subjects` subjects, with scores in steps so that some tie. */
function makeRun(subjects: number, seed: number, levels: number): RankedPairs {
  const random = seededRandom(seed);
  const left: number[] = [];
  const right: number[] = [];
  for (let a = 0; a < subjects * 3; a++) {
    for (let b = a + 1; b < subjects * 3; b++) {
      left.push(a);
      right.push(b);
    }
  }
  const labels = Uint8Array.from(left, (a, i) => Number(Math.floor(a / 3) === Math.floor(right[i] / 3)));
  const scores = Float64Array.from(labels, (label) => Math.floor((random() + label * 0.7) * levels));
  return {
    ranked: new RankedScores(scores),
    scores,
    labels,
    pairs: { left: Int32Array.from(left), right: Int32Array.from(right) },
  };
}

/** The same draw the slow way: every pair repeated as often as its weight, then the plain ROC. */
function tarOfRepeated(
  run: ReturnType<typeof makeRun>,
  weights: readonly number[],
  target: number,
  rule: 'nearest-all' | 'not-above',
) {
  const scores: number[] = [];
  const labels: number[] = [];
  run.labels.forEach((label, pair) => {
    const a = weights[Math.floor(run.pairs.left[pair] / 3)];
    const b = weights[Math.floor(run.pairs.right[pair] / 3)];
    for (let copy = 0; copy < (label === 1 ? a : a * b); copy++) {
      scores.push(run.scores[pair]);
      labels.push(label);
    }
  });
  const values = Float64Array.from(scores);
  const roc = computeRoc(new RankedScores(values), values, Uint8Array.from(labels));
  return roc.trueAccepts(pickPoints(roc, [target], rule)[0]) / roc.genuine;
}

describe('resampleTar(runs, subjects, targets)', () => {
  it.each([4, 50, 1_000_000])('equals repeating every pair by its weight, scores in %d levels', (levels) => {
    const run = makeRun(12, levels, levels);
    const subjects = subjectsOfPairs(36, run.pairs, run.labels);
    expect(subjects.count).toBe(12);
    const targets = [0.1, 1e-3, 0.02];
    const [results] = resampleTar([run], subjects, targets, { resamples: 25, random: seededRandom(3) });
    const random = seededRandom(3);
    for (const result of results) {
      const weights = new Array<number>(12).fill(0);
      for (let draw = 0; draw < 12; draw++) weights[Math.floor(random() * 12)]++;
      targets.forEach((target, i) => {
        expect(result.nearest[i]).toBeCloseTo(tarOfRepeated(run, weights, target, 'nearest-all'), 12);
        expect(result.notAbove[i]).toBeCloseTo(tarOfRepeated(run, weights, target, 'not-above'), 12);
      });
    }
  });

  it('gives every run the same draws: a run against itself never differs', () => {
    const run = makeRun(8, 1, 1000);
    const subjects = subjectsOfPairs(24, run.pairs, run.labels);
    const [one, two] = resampleTar([run, run], subjects, [0.05], { resamples: 20, random: seededRandom(1) });
    expect(one).toEqual(two);
    expect(new Set(one.map(({ nearest }) => nearest[0])).size).toBeGreaterThan(3);
  });

  it('refuses a single subject', () => {
    const run = makeRun(1, 1, 10);
    const subjects = subjectsOfPairs(3, run.pairs, run.labels);
    expect(() => resampleTar([run], subjects, [0.1], { resamples: 9, random: seededRandom(1) })).toThrow(ProtocolError);
  });
});

describe('tarDifference(scored, rule, options)', () => {
  it('finds an improvement that was planted, with an interval above zero, and its negative the other way round', () => {
    const run = makeRun(20, 5, 1_000_000);
    const better = run.scores.map((score, pair) => score + run.labels[pair] * 200_000);
    const subjects = subjectsOfPairs(60, run.pairs, run.labels);
    const common = { labels: run.labels, pairs: run.pairs, subjects };
    const options = { resamples: 100, seed: 1 };
    const gain = tarDifference({ ...common, baseline: run.scores, candidate: better }, 'nearest-all', options)['1e-2'];
    expect(gain.difference).toBeGreaterThan(0.1);
    expect(gain.interval[0]).toBeGreaterThan(0);
    expect(gain.interval[0]).toBeLessThan(gain.difference);
    expect(gain.interval[1]).toBeGreaterThan(gain.difference);
    const loss = tarDifference({ ...common, baseline: better, candidate: run.scores }, 'nearest-all', options)['1e-2'];
    expect(loss.difference).toBe(-gain.difference);
    expect(loss.interval[0]).toBeCloseTo(-gain.interval[1], 12);
  });
});

describe('subjectsOfPairs(templates, pairs, labels)', () => {
  it('joins templates over chains of genuine pairs and leaves the others alone', () => {
    const pairs = { left: Int32Array.of(0, 2, 1), right: Int32Array.of(2, 4, 3) };
    const { count, ofTemplate } = subjectsOfPairs(5, pairs, Uint8Array.of(1, 1, 0));
    expect(count).toBe(3);
    expect([...ofTemplate]).toEqual([0, 1, 0, 2, 0]);
  });
});

describe('weighPairs(pairs, labels, subjects)', () => {
  it('weighs genuine pairs by their subject and impostor pairs by both', () => {
    // Subjects 0 and 1 drawn 2 and 3 times: one genuine pair of 0 weighs 2, two impostor pairs weigh 6 each.
    const pairs = { left: Int32Array.of(0, 0, 1), right: Int32Array.of(1, 2, 2) };
    const weigh = weighPairs(pairs, Uint8Array.of(1, 0, 0), { count: 2, ofTemplate: Int32Array.of(0, 0, 1) });
    expect(weigh([Float64Array.of(2, 3)])).toEqual([{ genuine: 2, impostor: 12 }]);
    expect(weigh([Float64Array.of(0, 5)])).toEqual([{ genuine: 0, impostor: 0 }]);
  });

  it.each([
    ['small', 5],
    ['so large that two of them fill a double', 40_000],
    ['so large that one of them does', 2_000_000],
  ])('weighs several draws at once as the sum over pairs does, with counts that are %s', (_, most) => {
    const random = seededRandom(11);
    const [templates, subjects, count] = [40, 12, 700];
    const whole = (below: number): number => Math.floor(random() * below);
    const ofTemplate = Int32Array.from({ length: templates }, () => whole(subjects));
    const left = Int32Array.from({ length: count }, () => whole(templates));
    const right = Int32Array.from({ length: count }, () => whole(templates));
    const labels = Uint8Array.from(left, (template, pair) =>
      ofTemplate[template] === ofTemplate[right[pair]] ? 1 : 0,
    );
    const draws = Array.from({ length: 5 }, () => Float64Array.from({ length: subjects }, () => whole(most)));
    const expected = draws.map((weights) => {
      const sums = { genuine: 0n, impostor: 0n };
      labels.forEach((label, pair) => {
        const [a, b] = [ofTemplate[left[pair]], ofTemplate[right[pair]]];
        if (label === 1) sums.genuine += BigInt(weights[a]);
        else sums.impostor += BigInt(weights[a]) * BigInt(weights[b]);
      });
      return { genuine: Number(sums.genuine), impostor: Number(sums.impostor) };
    });
    expect(weighPairs({ left, right }, labels, { count: subjects, ofTemplate })(draws)).toEqual(expected);
  });
});
