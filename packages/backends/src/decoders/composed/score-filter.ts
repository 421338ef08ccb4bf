import type { ComposedScores, ScoreFactor } from '@retinabench/models';
import type { GridLevel } from './grid.js';
import { type RawNumbers, selectBoth, selectLeading, selectOne, selectProduct } from './select-raw.js';
import type { ValueView } from './value-view.js';

/** Candidates of one level, by index; the array is reused by the next call. */
export interface Selection {
  /** Uint32Array, of which the first `count` are meant, ascending. */
  readonly indices: Uint32Array;
  readonly count: number;
}

/** Scores of more factors are read for every candidate: no public detector has them. */
const mostFactors = 2;

/**
 * Selects candidates whose score can be above the floor, and those that hold NaN, which must not pass in silence; the rest
 * need no exponential.
 */
export class ScoreFilter {
  #indices = new Uint32Array(0);
  /** Of the factors that can rule a candidate out alone, by factor. */
  readonly #tests: readonly (RawTest | undefined)[];
  /** Where the score is the product of two raw numbers, of which neither rules a candidate out alone: which of their values. */
  readonly #product: readonly number[] | undefined;

  constructor({ factors, combine }: ComposedScores) {
    const root = combine === 'geometric-mean' ? factors.length : 1;
    this.#tests = factors.map((factor, at) => {
      // A product is no larger than one of its factors only where the others are at most 1.
      const bounded = factors.every((other, index) => index === at || isBounded(other));
      return bounded && factors.length <= mostFactors ? rawTest(factor, root) : undefined;
    });
    const isProduct = root === 1 && factors.length === 2 && factors.every(isRaw);
    this.#product = isProduct ? factors.map(({ keep = [0] }) => keep[0]) : undefined;
  }

  /**
   * Select among the first `counted` candidates of a level.
   *
   * @param views of the level, one per factor.
   * Cost: one pass over the raw numbers of the factors.
   */
  select(views: readonly ValueView[], level: GridLevel, counted: number, scoreFloor: number): Selection {
    if (this.#indices.length < counted) this.#indices = new Uint32Array(counted);
    const indices = this.#indices;
    if (this.#product !== undefined) {
      const [first, second] = this.#product.map((keep, at) => rawNumbers(keep, -1, views[at], level, scoreFloor));
      return { indices, count: selectProduct(indices, counted, level, first, second) };
    }
    const numbers = this.#tests.flatMap((test, at) =>
      test === undefined ? [] : [rawNumbers(test.keep, test.against, views[at], level, test.floorOf(scoreFloor))],
    );
    const [first, second] = numbers;
    if (first === undefined) {
      for (let index = 0; index < counted; index++) indices[index] = index;
      return { indices, count: counted };
    }
    const isOneByOne = second === undefined && first.step !== undefined;
    if (!isOneByOne) return { indices, count: selectBoth(indices, counted, level, first, second ?? first) };
    return {
      indices,
      count: first.lead === 0 ? selectOne(indices, counted, first) : selectLeading(indices, counted, first),
    };
  }
}

/** What a factor's raw numbers have to exceed: number `keep` itself, or its lead over number `against`. */
interface RawTest {
  readonly keep: number;
  readonly against: number;
  readonly floorOf: (scoreFloor: number) => number;
}

function rawNumbers(keep: number, against: number, view: ValueView, level: GridLevel, floor: number): RawNumbers {
  const { data, base, value, row, column, anchor } = view;
  return {
    data,
    at: base + keep * value,
    lead: against < 0 ? 0 : (against - keep) * value,
    floor,
    step: flatStep(view, level),
    row,
    column,
    anchor,
  };
}

function isBounded({ activation, clamp }: ScoreFactor): boolean {
  return clamp === true || (activation !== undefined && activation !== 'none');
}

/** Whether a factor is one number as the network gives it. */
function isRaw({ clamp, activation = 'none', keep = [0] }: ScoreFactor): boolean {
  return activation === 'none' && clamp !== true && keep.length === 1;
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

/** Numbers from one candidate to the next, where that is the same everywhere on the level. */
function flatStep({ row, column, anchor }: ValueView, { columns, rows, perCell }: GridLevel): number | undefined {
  const cell = perCell > 1 ? anchor * perCell : column;
  const isFlat = (perCell === 1 || columns === 1 || column === cell) && (rows === 1 || row === columns * cell);
  return isFlat ? (perCell > 1 ? anchor : column) : undefined;
}
