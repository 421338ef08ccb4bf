import { ShapeError } from '../errors.js';
import { type CsrMatrix, csrMultiply } from './csr.js';

/** When power iteration stops. */
export interface PowerIterationOptions {
  /** Relative change of the estimate between two rounds; default 1e-10. */
  readonly tolerance?: number;
  /** Rounds at most; default 10,000. */
  readonly maxIterations?: number;
}

/** The estimate, and how it was reached. */
export interface LargestEigenvalue {
  /** Rayleigh quotient: never above the true value, up to rounding. */
  readonly value: number;
  readonly iterations: number;
  /** False if the change was still above the tolerance after the last round. */
  readonly converged: boolean;
}

/**
 * The largest eigenvalue of a symmetric positive semi-definite matrix, by power iteration from a fixed start vector
 * that mixes all frequencies (a quasi-random sequence), so that the result is the same on every run.
 *
 * @throws {ShapeError} if the matrix is not square.
 * Cost: O(nnz) a round; the error falls by (lambda_2 / lambda_1)^2 a round.
 */
export function largestEigenvalue(matrix: CsrMatrix, options: PowerIterationOptions = {}): LargestEigenvalue {
  const { rows, columns } = matrix;
  if (rows !== columns) {
    throw new ShapeError(`largestEigenvalue: expected a square matrix, got ${rows} x ${columns}`);
  }
  const { tolerance = 1e-10, maxIterations = 10_000 } = options;
  let vector: Float64Array = Float64Array.from({ length: rows }, (_, index) => fractional(index) - 0.5);
  let product: Float64Array = new Float64Array(rows);
  let value = 0;
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    normalise(vector);
    csrMultiply(matrix, vector, 1, product);
    const previous = value;
    value = dot(vector, product);
    [vector, product] = [product, vector];
    if (Math.abs(value - previous) <= tolerance * Math.abs(value))
      return { value, iterations: iteration, converged: true };
  }
  return { value, iterations: maxIterations, converged: false };
}

/** Fractional part of (index + 1) times the golden ratio: equidistributed, no two alike. */
function fractional(index: number): number {
  const scaled = (index + 1) * 0.6180339887498949;
  return scaled - Math.floor(scaled);
}

function normalise(vector: Float64Array): void {
  const length = Math.sqrt(dot(vector, vector));
  if (length === 0) return;
  for (let index = 0; index < vector.length; index++) vector[index] /= length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}
