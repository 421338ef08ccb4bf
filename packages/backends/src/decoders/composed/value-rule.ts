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
  if (power === 1) return (value) => factor * apply(gain * value) + add;
  return (value) => (factor * apply(gain * value)) ** power + add;
}

/** Pixels of one unit along x and along y. */
export interface UnitSides {
  x: number;
  y: number;
}

/** What the units are in pixels for one candidate. */
export interface CandidateUnits {
  readonly inputWidthPx: number;
  readonly inputHeightPx: number;
  readonly stride: number;
  readonly anchorWidth: number;
  readonly anchorHeight: number;
  readonly boxWidth: number;
  readonly boxHeight: number;
}

/** Write the pixels of a unit into `out`. */
export function unitSides(unit: ValueRule['unit'], sides: CandidateUnits, out: UnitSides): void {
  switch (unit) {
    case 'pixels':
      out.x = 1;
      out.y = 1;
      return;
    case 'input':
      out.x = sides.inputWidthPx;
      out.y = sides.inputHeightPx;
      return;
    case 'stride':
      out.x = sides.stride;
      out.y = sides.stride;
      return;
    case 'anchor':
      out.x = sides.anchorWidth;
      out.y = sides.anchorHeight;
      return;
    case 'box':
      out.x = sides.boxWidth;
      out.y = sides.boxHeight;
  }
}
