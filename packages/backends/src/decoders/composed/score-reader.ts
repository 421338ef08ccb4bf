import type { ComposedScores, ScoreFactor } from '@retinabench/models';
import { sigmoid } from './value-rule.js';
import type { ValueView } from './value-view.js';

/** Reads the score of one candidate. */
export type ScoreReader = (views: readonly ValueView[], row: number, column: number, anchor: number) => number;

/** Reads one factor at an offset of its data. */
type FactorReader = (data: Float32Array, at: number, step: number) => number;

/** The reader of a card's scores; `views` has one view per factor. */
export function scoreReader({ factors, combine }: ComposedScores): ScoreReader {
  const readers = factors.map(factorReader);
  const one = (views: readonly ValueView[], index: number, row: number, column: number, anchor: number): number => {
    const view = views[index];
    return readers[index](
      view.data,
      view.base + row * view.row + column * view.column + anchor * view.anchor,
      view.value,
    );
  };
  if (readers.length === 1) return (views, row, column, anchor) => one(views, 0, row, column, anchor);
  const root = combine === 'geometric-mean' ? 1 / readers.length : 1;
  return (views, row, column, anchor) => {
    let product = one(views, 0, row, column, anchor);
    for (let index = 1; index < readers.length; index++) product *= one(views, index, row, column, anchor);
    return root === 1 ? product : root === 0.5 ? Math.sqrt(product) : product ** root;
  };
}

function factorReader({ classes = 1, keep = [0], activation, clamp }: ScoreFactor): FactorReader {
  const read = unclamped(classes, keep, activation);
  return clamp ? (data, at, step) => Math.min(Math.max(read(data, at, step), 0), 1) : read;
}

function unclamped(classes: number, keep: readonly number[], activation: ScoreFactor['activation']): FactorReader {
  const kept = (data: Float32Array, at: number, step: number): number => {
    let best = data[at + keep[0] * step];
    for (let index = 1; index < keep.length; index++) best = larger(best, data[at + keep[index] * step]);
    return best;
  };
  switch (activation) {
    case 'sigmoid':
      return (data, at, step) => sigmoid(kept(data, at, step));
    case 'softmax':
      return (data, at, step) => {
        const best = kept(data, at, step);
        let sum = 0;
        for (let index = 0; index < classes; index++) sum += Math.exp(data[at + index * step] - best);
        return 1 / sum;
      };
    case 'softmax-of-maxima': {
      const others = Array.from({ length: classes }, (_, index) => index).filter((index) => !keep.includes(index));
      return (data, at, step) => {
        let background = data[at + others[0] * step];
        for (let index = 1; index < others.length; index++) {
          background = larger(background, data[at + others[index] * step]);
        }
        return sigmoid(kept(data, at, step) - background);
      };
    }
    default:
      return kept;
  }
}

/** The larger of two, NaN if either is: a broken number must not hide behind a sound one. */
function larger(a: number, b: number): number {
  return a > b || Number.isNaN(a) ? a : b;
}
