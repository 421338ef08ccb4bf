import { createHash } from 'node:crypto';
import { DatasetError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { parseUnit, parseUnitResult, unitDigest } from '../../src/messages/unit.js';

const run = '0123456789ab';
const sha256 = 'a'.repeat(64);
const unit = { version: 1, run, tasks: [{ images: [{ name: 'x', path: 'a/x.jpg', sha256 }] }] };
const outcomes = JSON.stringify([{ answers: [{ square: 4 }] }]);
const result = {
  version: 1,
  run,
  worker: 'worker-1',
  tookMs: 12,
  outcomes,
  sha256: unitDigest(run, 'unit-1', outcomes),
};
const parse = (value: unknown): unknown =>
  parseUnitResult(value, { run, unitId: 'unit-1', tasks: unit.tasks, allow: ['cpu'] });
/** A result with other outcomes and the digest of those. */
const withOutcomes = (value: unknown): object => {
  const text = JSON.stringify(value);
  return { ...result, outcomes: text, sha256: unitDigest(run, 'unit-1', text) };
};

describe('parseUnit', () => {
  test('takes what a coordinator gives out', () => {
    expect(parseUnit(unit, 'unit-1')).toEqual(unit);
  });

  test.each(['/etc/passwd', '../x', 'a/../../x', 'a\\..\\x', '.', 'a//x', 'a/./x', 'a\0b', ''])(
    'refuses the path %j: a unit reaches nothing outside the root',
    (path) => {
      const tasks = [{ images: [{ name: 'x', path, sha256 }] }];
      expect(() => parseUnit({ ...unit, tasks }, 'unit-1')).toThrow(DatasetError);
    },
  );

  test.each([null, 'unit', { ...unit, version: 2 }, { ...unit, tasks: [] }, { ...unit, code: 'process.exit()' }])(
    'refuses %j',
    (value) => {
      expect(() => parseUnit(value, 'unit-1')).toThrow(DatasetError);
    },
  );
});

describe('parseUnitResult', () => {
  test('takes what a machine made that differs only where that is allowed now', () => {
    const cpu = { ...result, differs: ['cpu: arm64 here, x64 asked for'] };
    expect(parse(cpu)).toMatchObject({ differs: cpu.differs });
    for (const [text, kind] of [
      ['code: 1+aaaa here, 2+bbbb asked for', 'code'],
      ['backend ort-node: 1 here, 2 asked for', 'runtime'],
    ]) {
      expect(() => parse({ ...cpu, differs: [...cpu.differs, text] })).toThrow(
        `made on a machine that differs (${text}), which --allow ${kind} does not allow now`,
      );
    }
  });

  test('the digest is SHA-256 of run, unit and outcomes, a line each', () => {
    const expected = createHash('sha256').update(`0123456789ab\nunit-1\n${outcomes}`).digest('hex');
    expect(result.sha256).toBe(expected);
    expect(parse(result)).toMatchObject({ parsed: [{ answers: [{ square: 4 }] }] });
  });

  test.each([
    ['edited outcomes', { ...result, outcomes: outcomes.replace('4', '5') }, /digest is not that of its content/],
    [
      'a result of another run',
      { ...result, run: 'b'.repeat(12) },
      /expected one of run 0123456789ab, got one of b{12}/,
    ],
    [
      'a result of another unit',
      { ...result, sha256: unitDigest(run, 'unit-2', outcomes) },
      /digest is not that of its content/,
    ],
    ['too few outcomes', withOutcomes([]), /expected 1 outcomes, got 0/],
    ['too many answers', withOutcomes([{ answers: [1, 2] }]), /expected 1 answers of task 0, got 2/],
    ['no outcome', withOutcomes([{ square: 4 }]), /not the outcomes of a unit/],
    ['a death of no kind', withOutcomes([{ failure: { kind: 'death', message: '', exitCode: 3 } }]), /outcomes/],
    [
      'an exit code of a regression',
      withOutcomes([{ failure: { kind: 'work', message: '', exitCode: 1 } }]),
      /outcomes/,
    ],
    ['broken JSON', { ...result, outcomes: '[', sha256: unitDigest(run, 'unit-1', '[') }, /do not parse/],
    ['nothing', null, /not the result of a unit/],
  ])('refuses %s', (_, value, message) => {
    expect(() => parse(value)).toThrow(message);
    expect(() => parse(value)).toThrow(DatasetError);
  });
});
