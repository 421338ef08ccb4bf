import type { Samples } from './samples.js';
import { type Whitening, whiten, whitened } from './whitening.js';

/** The space in which heads are trained: what they see, whitened level by level. */
export interface FeatureSpace {
  /** Numbers that a head sees. */
  readonly inputs: number;
  /** Level of each head. */
  readonly levelOfHead: readonly number[];
  /** One for each level; a level without samples has none. */
  readonly levels: readonly (Whitening | undefined)[];
}

/** The space of a training set. */
export function featureSpace(samples: Samples, levelOfHead: readonly number[]): FeatureSpace {
  const { inputs } = samples;
  const levels = Array.from({ length: Math.max(...levelOfHead) + 1 }, (_, level) => {
    const rows = rowsOf(samples, levelOfHead, level);
    return rows.length === 0 ? undefined : whiten(chosenRows(samples, rows), inputs);
  });
  return { inputs, levelOfHead, levels };
}

/** Float32Array [samples, inputs]: the samples' features in a space. */
export function featuresIn({ inputs, levelOfHead, levels }: FeatureSpace, samples: Samples): Float32Array {
  const out = new Float32Array(samples.count * inputs);
  levels.forEach((whitening, level) => {
    if (whitening === undefined) return;
    const rows = rowsOf(samples, levelOfHead, level);
    const values = whitened(whitening, chosenRows(samples, rows));
    rows.forEach((row, at) => {
      out.set(values.subarray(at * inputs, (at + 1) * inputs), row * inputs);
    });
  });
  return out;
}

function rowsOf(samples: Samples, levelOfHead: readonly number[], level: number): number[] {
  return Array.from({ length: samples.count }, (_, row) => row).filter(
    (row) => levelOfHead[samples.heads[row]] === level,
  );
}

function chosenRows({ features, inputs }: Samples, rows: readonly number[]): Float32Array {
  const out = new Float32Array(rows.length * inputs);
  rows.forEach((row, at) => {
    out.set(features.subarray(row * inputs, (row + 1) * inputs), at * inputs);
  });
  return out;
}
