import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnoseRates } from '../../src/diagnosis/rates.js';
import { diagnoseScores } from '../../src/diagnosis/scores.js';
import { verify } from '../../src/verify/verify.js';

/** Scores of 200 genuine and 2,000 impostor pairs: normal, unit deviation, genuine ones `apart` higher. */
function draw(apart: number, change: (score: number) => number = (score) => score) {
  const random = seededRandom(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const labels = Uint8Array.from({ length: 2200 }, (_, i) => (i < 200 ? 1 : 0));
  const scores = Float64Array.from(labels, (label) => change(normal() + label * apart));
  return { scores, labels };
}

function codesOf(scores: Float64Array, labels: Uint8Array, source: 'scores' | 'features' = 'scores') {
  return diagnoseScores({ result: verify(scores, labels), scores, labels, source }).map(
    ({ code, level }) => `${level}: ${code}`,
  );
}

describe('diagnoseScores(check)', () => {
  it.each([0.5, 1, 3])('says nothing of honest similarities, %f deviations apart', (apart) => {
    const { scores, labels } = draw(apart);
    expect(codesOf(scores, labels)).toEqual([]);
  });

  it('takes distances for an error, with AUC and means, and the AUC of the negated scores', () => {
    // AUC of normal scores 2 deviations apart is Phi(2 / sqrt(2)) = 0.921.
    const { scores, labels } = draw(2, (score) => 10 - score);
    const [found] = diagnoseScores({ result: verify(scores, labels), scores, labels, source: 'scores' });
    expect(found).toMatchObject({ code: 'scores-inverted', level: 'error' });
    expect(found.evidence).toMatch(/AUC 0\.0\d+ is below 0\.5: genuine pairs score lower than impostor pairs/);
    expect(found.effect).toMatch(/negated, the scores have AUC 0\.9\d+/);
    expect(found.fix).toContain('distances');
  });

  it('says that labels may be swapped where most pairs are genuine', () => {
    const { scores, labels } = draw(2);
    const swapped = labels.map((label) => 1 - label);
    const [found] = diagnoseScores({ result: verify(scores, swapped), scores, labels: swapped, source: 'scores' });
    expect(found.evidence).toContain('90.9 % of the pairs are labelled genuine');
  });

  it('only warns where a few pairs, or a slight difference, point the wrong way', () => {
    expect(codesOf(Float64Array.of(0.1, 0.5, 0.9), Uint8Array.of(1, 0, 0))).toContain('warning: scores-inverted');
    const { scores, labels } = draw(-0.15);
    expect(codesOf(scores, labels)).toEqual(['warning: scores-inverted']);
  });

  it('calls scores in another order than their labels chance, on either side of a half', () => {
    const { scores, labels } = draw(3);
    const spread = Float64Array.from(scores, (_, i) => scores[(i * 7 + 3) % scores.length]);
    const { auc } = verify(spread, labels);
    // Standard error of a half: sqrt(2201 / (12 * 200 * 2000)) = 0.0214.
    expect(Math.abs(auc - 0.5)).toBeLessThan(1.8 * 0.0214);
    expect(auc < 0.5 ? codesOf(spread, labels) : ['warning: scores-at-chance']).toEqual(['warning: scores-at-chance']);
    const turned = spread.map((score) => -score);
    expect(auc > 0.5 ? codesOf(turned, labels) : ['warning: scores-at-chance']).toEqual(['warning: scores-at-chance']);
  });

  it('warns of scores at chance where there are pairs enough to tell', () => {
    const { scores, labels } = draw(0);
    const many = (values: ArrayLike<number>) => Array.from({ length: 20 }, () => Array.from(values)).flat();
    // The same scores with their order reversed half of the time: AUC is 0.5 exactly but for ties.
    const both = Float64Array.from([...many(scores), ...many(scores.map((score) => -score))]);
    expect(codesOf(both, Uint8Array.from([...many(labels), ...many(labels)]))).toEqual(['warning: scores-at-chance']);
    expect(codesOf(Float64Array.of(0.2, 0.1, 0.3), Uint8Array.of(1, 0, 0))).toEqual([]);
  });

  it('names equal and nearly equal scores', () => {
    const { scores, labels } = draw(2);
    expect(codesOf(scores.fill(0.25), labels)).toEqual(['error: scores-equal']);
    const rounding = draw(2, (score) => 0.98 + score * 1e-8);
    expect(codesOf(rounding.scores, rounding.labels)).toEqual(['error: scores-nearly-equal']);
    const nearly = draw(2, (score) => 0.98 + score * 1e-5);
    expect(codesOf(nearly.scores, nearly.labels)).toEqual(['warning: scores-nearly-equal']);
  });

  it('names targets that scores clipped to a range cannot reach', () => {
    const { scores, labels } = draw(2, (score) => Math.min(score, 0.5));
    expect(codesOf(scores, labels)).toEqual(['warning: scores-tied']);
  });
});

describe('diagnoseRates(check)', () => {
  const { scores, labels } = draw(2);
  const result = verify(scores, labels);

  it('names every FAR that fewer than 10 of the impostor pairs decide, also beside the number', () => {
    // 2,000 impostor pairs: 0.002, 0.02, 0.2, 2, 20 and 200 at FAR 1e-6 ... 1e-1.
    const [found, ...others] = diagnoseRates({ result });
    expect(found).toMatchObject({ code: 'far-unresolved', level: 'warning' });
    expect(found.evidence).toMatch(
      /^of 2,000 impostor pairs fewer than 10 decide TAR at FAR 1e-6 \(\d\), .*1e-3 \(\d\)$/,
    );
    expect(others).toEqual([]);
    const unresolved = Object.entries(result.tar['not-above']).filter(([, at]) => at.unresolved === true);
    expect(unresolved.map(([target]) => target)).toEqual(['1e-6', '1e-5', '1e-4', '1e-3']);
  });

  it('names too few genuine pairs, and too few subjects where intervals are resampled from them', () => {
    // Templates 0 and 1 show one subject, 2 and 3 another.
    const pairs = { left: Int32Array.of(0, 2, 0, 1), right: Int32Array.of(1, 3, 2, 3) };
    const few = Uint8Array.of(1, 1, 0, 0);
    const subjects = { count: 2, ofTemplate: Int32Array.of(0, 0, 1, 1) };
    const check = { result: verify(Float64Array.of(0.9, 0.8, 0.1, 0.2), few) };
    expect(diagnoseRates({ ...check, resampled: { pairs, labels: few, subjects } })).toMatchObject([
      { code: 'far-unresolved' },
      { code: 'genuine-pairs-few', evidence: '2 genuine pairs: one of them is 50.0 points of TAR' },
      { code: 'subjects-few', evidence: '2 subjects have genuine pairs' },
    ]);
  });
});
