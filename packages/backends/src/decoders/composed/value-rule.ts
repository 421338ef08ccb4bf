import type { ValueActivation, ValueRule } from '@retinabench/models';

/** 1 / (1 + exp(-t)). */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

const functions: Readonly<Record<ValueActivation, (value: number) => number>> = {
  none: (value) => value,
  sigmoid,
  exp: Math.exp,
  relu: (value) => Math.max(value, 0),
};

/** (factor * activation(gain * t))^power + add, the part of a rule without unit and origin. */
export function compileRule(rule: ValueRule): (value: number) => number {
  const { gain = 1, factor = 1, power = 1, add = 0 } = rule;
  const apply = functions[rule.activation ?? 'none'];
  if (power === 1 && add === 0) {
    if (rule.activation === undefined || rule.activation === 'none') return (value) => factor * (gain * value);
    return (value) => factor * apply(gain * value);
  }
  if (power === 1) return (value) => factor * apply(gain * value) + add;
  return (value) => (factor * apply(gain * value)) ** power + add;
}

/** Pixels of one unit along x and along y. */
export interface UnitSides {
  x: number;
  y: number;
}
