import { seededRandom } from '@retinabench/core';
import { farTargets, farTargetValues, type Subjects } from '@retinabench/eval-ijbc';
import { drawsDifference, intervalHolding, percentileInterval } from '@retinabench/results';
import { resampleTar } from '../src/verify/bootstrap.js';
import { pickPoints } from '../src/verify/pick.js';
import { RankedScores } from '../src/verify/ranked-scores.js';
import { computeRoc } from '../src/verify/roc.js';

/**
 * How often the 95 % intervals of TAR, and of the paired difference of TAR, hold the truth: subjects are drawn from a model whose
 * TAR is known in closed form.
 * Usage: coverage.js [repetitions]
 *
 * A genuine pair of subject s scores 2 + u_s + e, an impostor pair of s and t v_s + v_t + e, with u ~ N(0, 0.7), v ~ N(0, 0.3),
 * e ~ N(0, 1) (deviations). The candidate adds N(-0.1, 0.3) to every genuine and N(0, 0.3) to every impostor score. A subject has 2 to 5
 * templates, all pairs are compared.
 */
const spread = { genuine: 0.7, impostor: 0.3, noise: 1, change: 0.3 };
const means = { genuine: 2, loss: 0.1 };
const targets = ['1e-3', '1e-2', '1e-1'] as const;
const repetitions = Number(process.argv[2] ?? 200);

for (const subjectCount of [25, 50, 100, 200]) {
  const held = new Map<string, number>();
  const widths = new Map<string, number>();
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [key, interval, truth] of intervalsOf(subjectCount, repetition)) {
      if (interval[0] <= truth && truth <= interval[1]) held.set(key, (held.get(key) ?? 0) + 1);
      widths.set(key, (widths.get(key) ?? 0) + (interval[1] - interval[0]) / repetitions);
    }
  }
  for (const [key, width] of widths) {
    const share = (100 * (held.get(key) ?? 0)) / repetitions;
    console.log(
      `${subjectCount} subjects, ${key}: holds the truth in ${share.toFixed(1)} %, width ${width.toFixed(4)}`,
    );
  }
}

/** Intervals of one drawn population with what they should hold. */
function intervalsOf(
  subjectCount: number,
  seed: number,
): (readonly [key: string, interval: readonly [number, number], truth: number])[] {
  const random = seededRandom(seed * 1009 + subjectCount);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const ofTemplate: number[] = [];
  for (let subject = 0; subject < subjectCount; subject++) {
    for (let template = 0; template < 2 + Math.floor(4 * random()); template++) ofTemplate.push(subject);
  }
  const own = Array.from({ length: subjectCount }, () => spread.genuine * normal());
  const others = Array.from({ length: subjectCount }, () => spread.impostor * normal());
  const pairCount = (ofTemplate.length * (ofTemplate.length - 1)) / 2;
  const left = new Int32Array(pairCount);
  const right = new Int32Array(pairCount);
  const labels = new Uint8Array(pairCount);
  const before = new Float64Array(pairCount);
  const after = new Float64Array(pairCount);
  let pair = 0;
  for (let a = 0; a < ofTemplate.length; a++) {
    for (let b = a + 1; b < ofTemplate.length; b++, pair++) {
      const [s, t] = [ofTemplate[a], ofTemplate[b]];
      left[pair] = a;
      right[pair] = b;
      labels[pair] = s === t ? 1 : 0;
      before[pair] = spread.noise * normal() + (s === t ? means.genuine + own[s] : others[s] + others[t]);
      after[pair] = before[pair] + spread.change * normal() - (s === t ? means.loss : 0);
    }
  }
  const subjects: Subjects = { count: subjectCount, ofTemplate: Int32Array.from(ofTemplate) };
  const runs = [before, after].map((scores) => ({
    ranked: new RankedScores(scores),
    scores,
    labels,
    pairs: { left, right },
  }));
  const tars = runs.map(({ ranked, scores }) => {
    const roc = computeRoc(ranked, scores, labels);
    return pickPoints(roc, farTargetValues, 'nearest-all').map((point) => roc.trueAccepts(point) / roc.genuine);
  });
  const draws = resampleTar(runs, subjects, farTargetValues, { resamples: 200, random: seededRandom(seed) });
  return targets.flatMap((target) => {
    const i = farTargets.indexOf(target);
    const [wasDraws, isDraws] = draws.map((run) => run.map(({ nearest }) => nearest[i]));
    const truths = [0, spread.change].map((change) => trueTar(Number(target), change));
    const difference = drawsDifference({
      baseline: tars[0][i],
      candidate: tars[1][i],
      baselineDraws: wasDraws,
      candidateDraws: isDraws,
      units: subjectCount,
    });
    return [
      [`TAR at ${target}`, intervalHolding(percentileInterval(wasDraws), tars[0][i]), truths[0]],
      [`difference at ${target}`, difference.interval, truths[1] - truths[0]],
      [
        `difference at ${target}, percentiles of the draws`,
        percentileInterval(isDraws.map((value, draw) => value - wasDraws[draw])),
        truths[1] - truths[0],
      ],
    ] as const;
  });
}

/** TAR of the model at a FAR; `change`: deviation of what the candidate adds, 0 for the baseline. */
function trueTar(far: number, change: number): number {
  const impostor = Math.hypot(spread.noise, spread.impostor, spread.impostor, change);
  const genuine = Math.hypot(spread.noise, spread.genuine, change);
  const mean = means.genuine - (change > 0 ? means.loss : 0);
  return 1 - normalBelow((normalQuantile(1 - far) * impostor - mean) / genuine);
}

/** Standard normal distribution: Abramowitz and Stegun, 26.2.17, to 7.5e-8. */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return x >= 0 ? 1 - tail : tail;
}

function normalQuantile(p: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
