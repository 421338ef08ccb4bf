import { describeDifferences, findIncomparable } from './comparable.js';
import type { ConfiguredRule } from './config.js';
import type { GateContext } from './gate-context.js';
import type { Outcome } from './result.js';

/** Hold a number against the absolute bounds of a rule, a floor and a ceiling: an outcome each. */
export function checkBounds(rule: ConfiguredRule, context: GateContext, value: number): Outcome[] {
  const { min, max } = rule.options;
  return [
    ...(min === undefined ? [] : [checkFloor(rule, min, value)]),
    ...(max === undefined ? [] : [checkCeiling(rule, max, value)]),
  ].map((outcome) => underConditions(rule, context, outcome));
}

function checkFloor({ key, family }: ConfiguredRule, min: number, value: number): Outcome {
  const passes = value >= min;
  return {
    check: 'min',
    verdict: passes ? 'pass' : 'fail',
    expected: `at least ${family.format(min)}`,
    actual: family.format(value),
    values: { record: value, min },
    message: passes ? `${key} is at or above its floor.` : `${key} is below its floor.`,
  };
}

function checkCeiling({ key, family }: ConfiguredRule, max: number, value: number): Outcome {
  const passes = value <= max;
  return {
    check: 'max',
    verdict: passes ? 'pass' : 'fail',
    expected: `at most ${family.format(max)}`,
    actual: family.format(value),
    values: { record: value, max },
    message: passes ? `${key} is at or below its ceiling.` : `${key} is above its ceiling.`,
  };
}

/**
 * A bound means the number under the baseline's protocol and on its data: one that is held on three images says nothing. One
 * that is missed stays missed. The class of the machine is no condition of a bound.
 */
function underConditions({ key, family }: ConfiguredRule, context: GateContext, outcome: Outcome): Outcome {
  const needs = family.needs.filter((need) => need !== 'machine');
  const different = findIncomparable(context.baseline, context.record, needs);
  if (outcome.verdict !== 'pass' || different.length === 0) return outcome;
  const allowed = different.every(({ reason }) => context.allow.includes(reason));
  const reasons = different.map(({ reason, differences }) => `another ${reason} (${describeDifferences(differences)})`);
  const held = `${key} holds its bound, under ${reasons.join(' and ')} than the baseline's`;
  return {
    ...outcome,
    verdict: 'not comparable',
    allowed,
    differences: different.flatMap(({ differences }) => differences),
    message: allowed
      ? `${held}; allowed by the configuration.`
      : `${held}; evaluate under the baseline's conditions, or allow the difference.`,
  };
}
