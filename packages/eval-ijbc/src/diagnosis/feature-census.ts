import { formatCount, formatShare } from '@retinabench/results';
import type { FeatureSource } from '../template/features.js';
import type { Diagnosis } from './diagnosis.js';

/** Rows that are compared with each other, spread evenly over the file. */
const sampledRows = 20_000;

/** Values of a row that are compared, spread evenly over it. */
const sampledValues = 16;

/** Share of the rows with one and the same feature from which on it is said. */
const repeatedShare = 0.05;

/** Rows under which a share means nothing. */
const fewestRows = 20;

/** A source that takes note of what passes through it. */
export interface CountedFeatures extends FeatureSource {
  /** What is wrong with the features read so far. */
  readonly diagnose: () => Diagnosis[];
  /** The compared values of the rows compared so far, as text; undefined for a row of zeros. */
  readonly compared: readonly (string | undefined)[];
}

/**
 * Count, while features are read, how many images share one and the same feature. Rows of zeros do not count: their
 * templates are named by `diagnoseZeroTemplates`.
 *
 * Cost: 16 values of at most 20,000 rows.
 */
export function countFeatures(source: FeatureSource): CountedFeatures {
  const step = Math.max(1, Math.ceil(source.rows / sampledRows));
  const counts = new Map<string, number>();
  const firstOf = new Map<string, number>();
  const compared: (string | undefined)[] = [];
  let rows = 0;
  let next = 0;
  return {
    ...source,
    compared,
    read: async (start, out) => {
      await source.read(start, out);
      const end = start + out.length / source.dimensions;
      for (; next >= start && next < end; next += step) {
        const key = keyOf(out, (next - start) * source.dimensions, source.dimensions);
        compared.push(key);
        if (key === undefined) continue;
        rows++;
        counts.set(key, (counts.get(key) ?? 0) + 1);
        if (!firstOf.has(key)) firstOf.set(key, next);
      }
    },
    diagnose: () => {
      const [key, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 0]);
      if (count < 2 || count < repeatedShare * rows || (count < rows && rows < fewestRows)) return [];
      return [count === rows ? constant(source, rows) : repeated(source, count / rows, firstOf.get(key)!)];
    },
  };
}

/** The sampled values of a row as text; undefined if all of them are zero. */
function keyOf(values: Float32Array, start: number, dimensions: number): string | undefined {
  const step = Math.max(1, Math.floor(dimensions / sampledValues));
  let key = '';
  let anyValue = false;
  for (let i = 0; i < dimensions; i += step) {
    const value = values[start + i];
    if (value !== 0) anyValue = true;
    key += `${value},`;
  }
  return anyValue ? key : undefined;
}

/** Whether the features of the mirrored images are those of the images themselves. */
export function diagnoseMirrored(features: CountedFeatures, flipped: CountedFeatures): Diagnosis[] {
  const { compared } = features;
  const same = compared.every((key, i) => key === flipped.compared[i]);
  if (!same || compared.every((key) => key === undefined)) return [];
  return [
    {
      code: 'features-mirrored-equal',
      level: 'warning',
      evidence: `${flipped.place}: the features of the mirrored images equal those of the images (${formatCount(compared.length)} rows compared)`,
      effect: 'flip changes nothing: added or concatenated, the numbers are those of the images alone',
      fix: 'give the features of the mirrored crops, or --flip none',
    },
  ];
}

function constant({ place }: FeatureSource, rows: number): Diagnosis {
  return {
    code: 'features-constant',
    level: 'error',
    evidence: `${place}: all images have the same feature (${formatCount(rows)} rows compared): the features are constant`,
    effect: 'every pair has the same score and no face is told from another',
    fix: 'extract the features again; a network that gives one output for every input got the wrong input or weights',
  };
}

function repeated({ place }: FeatureSource, share: number, row: number): Diagnosis {
  return {
    code: 'features-repeated',
    level: 'warning',
    evidence: `${place}: ${formatShare(share)} of the images have one and the same feature, first row ${row}`,
    effect: 'pairs of such images score highest, whoever they show',
    fix: 'look at these images: they may have failed and have been given the feature of another, or of an empty crop',
  };
}
