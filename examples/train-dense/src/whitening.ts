/** An affine map after which features have mean 0 and (nearly) unit covariance. */
export interface Whitening {
  readonly size: number;
  /** [size]. */
  readonly mean: Float64Array;
  /** [size, size], lower triangular: z = inverse (x - mean). */
  readonly inverse: Float64Array;
}

/** Added to the covariance, as a share of its mean diagonal, so that channels that never change stay small. */
const floorShare = 1e-3;

/**
 * Whiten rows by the Cholesky factor of their covariance: gradient descent on whitened features takes tens of steps where
 * raw ones, whose variances differ by thousands, take thousands.
 *
 * @param rows [count, size].
 */
export function whiten(rows: Float32Array, size: number): Whitening {
  const count = rows.length / size;
  const mean = new Float64Array(size);
  for (let row = 0; row < count; row++) for (let at = 0; at < size; at++) mean[at] += rows[row * size + at] / count;
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < size; at++) centred[at] = rows[row * size + at] - mean[at];
    for (let i = 0; i < size; i++) {
      const value = centred[i] / count;
      for (let j = 0; j <= i; j++) covariance[i * size + j] += value * centred[j];
    }
  }
  let trace = 0;
  for (let at = 0; at < size; at++) trace += covariance[at * size + at];
  for (let at = 0; at < size; at++) covariance[at * size + at] += (floorShare * trace) / size + 1e-12;
  return { size, mean, inverse: invertLower(cholesky(covariance, size), size) };
}

/** Rows under a whitening, [count, size]. */
export function whitened({ size, mean, inverse }: Whitening, rows: Float32Array): Float32Array {
  const out = new Float32Array(rows.length);
  const centred = new Float64Array(size);
  for (let from = 0; from < rows.length; from += size) {
    for (let at = 0; at < size; at++) centred[at] = rows[from + at] - mean[at];
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += inverse[i * size + j] * centred[j];
      out[from + i] = sum;
    }
  }
  return out;
}

/** The lower Cholesky factor of a symmetric positive matrix, of which the lower triangle is read. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / lower[j * size + j];
    }
  }
  return lower;
}

/**
 * Solve matrix x = b for several b.
 *
 * @param matrix [size, size], symmetric and positive; the lower triangle is read.
 */
export function solveSymmetric(
  matrix: Float64Array,
  right: readonly Float64Array[],
  size: number,
): readonly Float64Array[] {
  const lower = cholesky(matrix, size);
  return right.map((values) => {
    const x = values.slice();
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < i; k++) x[i] -= lower[i * size + k] * x[k];
      x[i] /= lower[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let k = i + 1; k < size; k++) x[i] -= lower[k * size + i] * x[k];
      x[i] /= lower[i * size + i];
    }
    return x;
  });
}

function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k++) sum -= lower[row * size + k] * inverse[k * size + column];
      inverse[row * size + column] = sum / lower[row * size + row];
    }
  }
  return inverse;
}
