import { describe, expect, it } from 'vitest';
import { diagnosePairs } from '../../src/diagnosis/pairs.js';
import { indexTemplates } from '../../src/template/index-templates.js';
import { subjectsOfPairs } from '../../src/verify/subjects.js';

/** Diagnose pairs given as lines of a pair list. */
function diagnose(lines: readonly (readonly [left: number, right: number, label: 0 | 1])[]) {
  const all = Int32Array.from(lines.flatMap((line) => line.slice(0, 2)));
  const { ids, indexOf } = indexTemplates({ templateIds: all, mediaIds: all });
  const pairs = {
    left: Int32Array.from(lines, ([left]) => indexOf(left)),
    right: Int32Array.from(lines, ([, right]) => indexOf(right)),
  };
  const labels = Uint8Array.from(lines, ([, , label]) => label);
  const subjects = subjectsOfPairs(ids.length, pairs, labels);
  return diagnosePairs({ place: 'p.txt', pairs, labels, subjects, ids });
}

describe('diagnosePairs(check)', () => {
  it('says nothing of a list whose labels agree', () => {
    // 1, 2 and 3 show one subject, 7 another.
    expect(
      diagnose([
        [1, 2, 1],
        [2, 3, 1],
        [1, 7, 0],
        [7, 3, 0],
      ]),
    ).toEqual([]);
  });

  it.each([
    ['in the same order', [1, 2, 0]],
    ['in the other order', [2, 1, 0]],
  ] as const)('names the lines of a pair labelled both ways, %s', (_, again) => {
    const [found, ...others] = diagnose([[1, 2, 1], [1, 7, 0], again]);
    expect(found).toMatchObject({ code: 'pairs-contradict', level: 'error' });
    expect(found.evidence).toContain(`p.txt: 1 pair is labelled both genuine and impostor`);
    expect(found.evidence).toContain(`line 1 (1 2 1) and line 3 (${again.join(' ')})`);
    expect(others).toEqual([]);
  });

  it('names impostor pairs of templates that genuine pairs join over others', () => {
    const [found, ...others] = diagnose([
      [1, 2, 1],
      [2, 3, 1],
      [3, 1, 0],
      [1, 9, 0],
    ]);
    expect(found).toMatchObject({ code: 'pairs-contradict-subjects', level: 'warning' });
    expect(found.evidence).toContain('1 impostor pair of templates that genuine pairs join into one subject');
    expect(found.evidence).toContain('line 3 (3 1 0)');
    expect(others).toEqual([]);
  });

  it('names repeated pairs, and how many there are beyond the first five', () => {
    const [found] = diagnose([0, 1].flatMap(() => Array.from({ length: 7 }, (_, i) => [2 * i, 2 * i + 1, 0] as const)));
    expect(found).toMatchObject({ code: 'pairs-repeated', level: 'warning' });
    expect(found.evidence).toMatch(/7 pairs are listed more than once: line 1 \(0 1 0\) and line 8 .* and 2 more$/);
  });

  it('takes a template compared with itself for an error only where it is labelled impostor', () => {
    expect(
      diagnose([
        [1, 1, 1],
        [1, 2, 0],
      ]),
    ).toMatchObject([{ code: 'pairs-of-one-template', level: 'warning' }]);
    expect(
      diagnose([
        [1, 1, 0],
        [1, 2, 0],
      ]),
    ).toMatchObject([{ code: 'pairs-of-one-template', level: 'error' }]);
  });

  it('finds the same in a list of so many templates that pairs are sorted instead of marked', () => {
    // 50,000 templates have 1.25e9 possible pairs, more than 2^30.
    const lines = Array.from({ length: 25_000 }, (_, i) => [2 * i, 2 * i + 1, 0] as const);
    const [found, ...others] = diagnose([...lines, [49_999, 49_998, 1]]);
    expect(found.evidence).toContain('line 25000 (49998 49999 0) and line 25001 (49999 49998 1)');
    expect(others).toEqual([]);
  });
});
