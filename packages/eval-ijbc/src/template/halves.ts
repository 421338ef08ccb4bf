import type { FeatureSource } from './features.js';

/**
 * What a row of a feature file holds: `one` feature, or `both`, that of the image and behind it that of the mirrored
 * image, as the public scripts keep them; `unclear` where neither is certain.
 */
export type RowLayout = 'one' | 'both' | 'unclear';

/** Rows and values under which nothing can be said. */
const fewestRows = 6;
const fewestValues = 4;

/** Mean rank from which on the halves of a row belong together, and below which they do not. */
const togetherFrom = 0.9;
const apartBelow = 0.75;

/**
 * Tell whether rows hold a feature and its mirrored twin. Twins are alike, so that the first half of a row is more
 * similar to the row's own second half than to those of other images; the halves of one feature have nothing to do with each
 * other. The measure is the mean share of the other rows' second halves that are less similar than the own (0.5 by chance),
 * on cosines less the means of their row and column, since some halves are similar to everything.
 *
 * @param rows Float32Array [n, dimensions]; rows with a half of zeros are left out.
 * @returns `one` where there are fewer than 6 rows, or an odd number of dimensions.
 * Cost: O(n^2 dimensions). Measured: 0.99 and more for twins, at most 0.61 for single features (docs/ijbc-protocol.md).
 */
export function recogniseHalves(rows: Float32Array, dimensions: number): RowLayout {
  if (dimensions % 2 === 1 || dimensions < fewestValues) return 'one';
  const width = dimensions / 2;
  const halves: { readonly first: Float64Array; readonly second: Float64Array }[] = [];
  for (let start = 0; start < rows.length; start += dimensions) {
    const first = unit(rows.subarray(start, start + width));
    const second = unit(rows.subarray(start + width, start + dimensions));
    if (first !== undefined && second !== undefined) halves.push({ first, second });
  }
  if (halves.length < fewestRows) return 'one';
  const together = meanRank(halves.map(({ first }) => halves.map(({ second }) => dotProduct(first, second))));
  if (together >= togetherFrom) return 'both';
  return together < apartBelow ? 'one' : 'unclear';
}

/** Mean share of a row's other entries that are below the one on the diagonal, ties counting half. */
function meanRank(matrix: readonly (readonly number[])[]): number {
  const count = matrix.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
  const columnMeans = matrix.map((_, column) => mean(matrix.map((row) => row[column])));
  const ranks = matrix.map((row, own) => {
    let below = 0;
    for (let other = 0; other < count; other++) {
      if (other === own) continue;
      const less = row[own] - columnMeans[own] - (row[other] - columnMeans[other]);
      if (less > 0) below++;
      else if (less === 0) below += 0.5;
    }
    return below / (count - 1);
  });
  return mean(ranks);
}

/** The values divided by their length; undefined if that is 0 or not finite. */
function unit(values: Float32Array): Float64Array | undefined {
  const wide = Float64Array.from(values);
  const length = Math.sqrt(dotProduct(wide, wide));
  return length > 0 && Number.isFinite(length) ? wide.map((value) => value / length) : undefined;
}

function dotProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** One half of every row of a source: the features of the images (`first`) or of the mirrored images (`second`). */
export function halfOf(source: FeatureSource, half: 'first' | 'second'): FeatureSource {
  const width = source.dimensions / 2;
  const offset = half === 'first' ? 0 : width;
  let spare: Float32Array | undefined;
  return {
    place: `${source.place}, ${half} half`,
    rows: source.rows,
    dimensions: width,
    read: async (start, out) => {
      const rows = out.length / width;
      const block = spare?.length === rows * source.dimensions ? spare : new Float32Array(rows * source.dimensions);
      spare = undefined;
      await source.read(start, block);
      for (let row = 0; row < rows; row++) {
        const from = row * source.dimensions + offset;
        out.set(block.subarray(from, from + width), row * width);
      }
      spare = block;
    },
  };
}
