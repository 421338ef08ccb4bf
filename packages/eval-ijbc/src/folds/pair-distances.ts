import { DatasetError, ShapeError } from '@retinabench/core';

/** Features of faces, row-major. */
export interface FeatureRows {
  /** Where they come from, for messages. */
  readonly place: string;
  /** Float32Array [rows, dimensions]. */
  readonly values: Float32Array;
  readonly dimensions: number;
}

/**
 * Squared distances of pairs of features: the feature of the image, with that of the mirrored image added where it is given,
 * divided by its length.
 *
 * @param pairs indices of rows, Int32Array [pairs] each.
 * @returns Float64Array [pairs], 0..4.
 * @throws {ShapeError} if the mirrored features have another shape.
 * @throws {DatasetError} if a feature is not finite or zero, or a pair names a row that does not exist.
 */
export function pairDistances(
  features: FeatureRows,
  flipped: FeatureRows | undefined,
  pairs: { readonly left: Int32Array; readonly right: Int32Array },
): Float64Array {
  const { values, dimensions, place } = features;
  if (flipped !== undefined && (flipped.values.length !== values.length || flipped.dimensions !== dimensions)) {
    throw new ShapeError(
      `${flipped.place}: expected shape (${values.length / dimensions}, ${dimensions}) as ${place}, got (${flipped.values.length / flipped.dimensions}, ${flipped.dimensions})`,
    );
  }
  const rows = values.length / dimensions;
  const unit = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions;
    let squares = 0;
    for (let i = start; i < start + dimensions; i++) {
      unit[i] = Math.fround(values[i] + (flipped?.values[i] ?? 0));
      squares += unit[i] * unit[i];
    }
    const length = Math.sqrt(squares);
    if (!(length > 0) || !Number.isFinite(length)) {
      throw new DatasetError(
        `${place}: row ${row}: expected a feature of finite length above 0, got length ${length}; extract it again`,
      );
    }
    for (let i = start; i < start + dimensions; i++) unit[i] /= length;
  }
  return Float64Array.from(pairs.left, (left, pair) => {
    const right = pairs.right[pair];
    if (left >= rows || right >= rows) {
      throw new DatasetError(
        `${place}: expected a row for every image of the pairs, at least ${Math.max(left, right) + 1}, got ${rows}`,
      );
    }
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += (unit[left * dimensions + i] - unit[right * dimensions + i]) ** 2;
    return sum;
  });
}
