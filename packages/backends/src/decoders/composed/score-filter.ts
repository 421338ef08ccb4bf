import type { ComposedScores, ScoreFactor } from '@retinabench/models';
import type { GridLevel } from './grid.js';
import type { ValueView } from './value-view.js';

/** Marks candidates whose score can be above the floor, and those that hold NaN; the rest need no exponential. */
export class ScoreFilter {
  #mask = new Uint8Array(0);
  readonly #tests: readonly (RawTest | undefined)[];

  constructor({ factors, combine }: ComposedScores) {
    const root = combine === 'geometric-mean' ? factors.length : 1;
    this.#tests = factors.map((factor, at) => {
      // A product is no larger than one of its factors only where the others are at most 1.
      const bounded = factors.every((other, index) => index === at || isBounded(other));
      return bounded ? rawTest(factor, root) : undefined;
    });
  }

  /**
   * @param views of the level, one per factor.
   * @returns Uint8Array [candidates of the level], 0 where the score cannot be above the floor; valid until the next call.
   */
  mark(views: readonly ValueView[], level: GridLevel, scoreFloor: number): Uint8Array {
    const count = level.rows * level.columns * level.perCell;
    if (this.#mask.length < count) this.#mask = new Uint8Array(count);
    const mask = this.#mask.subarray(0, count).fill(1);
    for (const [at, test] of this.#tests.entries()) if (test) markFactor(mask, test, views[at], level, scoreFloor);
    for (const [at, test] of this.#tests.entries()) if (test) markNaN(mask, test, views[at], level);
    return mask;
  }
}

/** What a factor's raw numbers have to exceed: number `keep` itself, or its lead over number `against`. */
interface RawTest {
  readonly keep: number;
  readonly against: number;
  readonly floorOf: (scoreFloor: number) => number;
}

function isBounded({ activation, clamp }: ScoreFactor): boolean {
  return clamp === true || (activation !== undefined && activation !== 'none');
}

/** Below the exact floor by more than rounding can move an exponential. */
function logit(score: number): number {
  return Math.log(score / (1 - score)) - 1e-3;
}

function rawTest({ activation = 'none', classes = 1, keep = [0] }: ScoreFactor, root: number): RawTest | undefined {
  if (keep.length !== 1) return undefined;
  const [kept] = keep;
  const share = (scoreFloor: number): number => (root === 1 ? scoreFloor : scoreFloor ** root * (1 - 1e-9));
  switch (activation) {
    case 'none':
      return { keep: kept, against: -1, floorOf: share };
    case 'sigmoid':
      return { keep: kept, against: -1, floorOf: (scoreFloor) => logit(share(scoreFloor)) };
    default:
      return classes === 2 ? { keep: kept, against: 1 - kept, floorOf: (score) => logit(share(score)) } : undefined;
  }
}

function markFactor(mask: Uint8Array, test: RawTest, view: ValueView, level: GridLevel, scoreFloor: number): void {
  const floor = test.floorOf(scoreFloor);
  const { data, value } = view;
  const kept = test.keep * value;
  const step = flatStep(view, level);
  if (step === undefined || test.against >= 0) {
    const against = test.against * value;
    eachPlace(view, level, (index, at) => {
      if ((test.against < 0 ? data[at + kept] : data[at + kept] - data[at + against]) <= floor) mask[index] = 0;
    });
    return;
  }
  for (let index = 0, at = view.base + kept; index < mask.length; index++, at += step) {
    if (data[at] <= floor) mask[index] = 0;
  }
}

/** What another factor has ruled out still counts where this one is no number: a broken output must not pass in silence. */
function markNaN(mask: Uint8Array, test: RawTest, view: ValueView, level: GridLevel): void {
  const { data, value } = view;
  const step = flatStep(view, level);
  if (step === undefined) return;
  for (let index = 0, at = view.base + test.keep * value; index < mask.length; index++, at += step) {
    if (Number.isNaN(data[at])) mask[index] = 1;
  }
}

/** Numbers from one candidate to the next, where that is the same everywhere on the level. */
function flatStep({ row, column, anchor }: ValueView, { columns, rows, perCell }: GridLevel): number | undefined {
  const cell = perCell > 1 ? anchor * perCell : column;
  const isFlat = (perCell === 1 || columns === 1 || column === cell) && (rows === 1 || row === columns * cell);
  return isFlat ? (perCell > 1 ? anchor : column) : undefined;
}

function eachPlace(view: ValueView, level: GridLevel, visit: (index: number, at: number) => void): void {
  let index = 0;
  for (let row = 0; row < level.rows; row++) {
    for (let column = 0; column < level.columns; column++) {
      let at = view.base + row * view.row + column * view.column;
      for (let anchor = 0; anchor < level.perCell; anchor++, at += view.anchor) visit(index++, at);
    }
  }
}
