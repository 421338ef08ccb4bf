import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { chebyshevForward } from '../../src/mesh/chebyshev.js';
import { chebyshevBackward } from '../../src/mesh/chebyshev-backward.js';
import { laplacianOf } from '../../src/mesh/laplacian.js';
import { largestEigenvalue } from '../../src/mesh/power-iteration.js';
import { scaledLaplacian } from '../../src/mesh/scaled-laplacian.js';
import { adjacencyOf } from '../../src/mesh/topology.js';
import { numbers, sphere } from './shapes.js';

const count = 18;
const laplacian = laplacianOf(adjacencyOf(sphere(1).triangles, count), 'combinatorial');
const lambdaMax = largestEigenvalue(laplacian).value;
const lhat = scaledLaplacian(laplacian, lambdaMax, 'float64');
const tolerance = 1e-6;

/** The Chebyshev polynomials as explicit powers of x: an evaluation that shares nothing with the recurrence. */
const powers = [[1], [0, 1], [-1, 0, 2], [0, -3, 0, 4], [1, 0, -8, 0, 8], [0, 5, 0, -20, 0, 16]];

function denseLhat(): number[][] {
  return Array.from({ length: count }, (_, row) => {
    const values = new Array<number>(count).fill(0);
    for (let at = lhat.rowStart[row]; at < lhat.rowStart[row + 1]; at++) values[lhat.columnIndex[at]] = lhat.values[at];
    return values;
  });
}

function matrixProduct(a: number[][], b: number[][]): number[][] {
  return a.map((row) => b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)));
}

function denseConvolution(order: number, fIn: number, fOut: number, x: Float64Array, theta: Float64Array): number[] {
  const matrix = denseLhat();
  const raised: number[][][] = [matrix.map((_, row) => matrix.map((_, column) => (row === column ? 1 : 0)))];
  while (raised.length < order) raised.push(matrixProduct(raised[raised.length - 1], matrix));
  const out = new Array<number>(count * fOut).fill(0);
  for (let k = 0; k < order; k++) {
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        const entry = powers[k].reduce((sum, factor, power) => sum + factor * raised[power][row][column], 0);
        for (let i = 0; i < fIn; i++) {
          for (let o = 0; o < fOut; o++) {
            out[row * fOut + o] += entry * x[column * fIn + i] * theta[(k * fIn + i) * fOut + o];
          }
        }
      }
    }
  }
  return out;
}

describe('chebyshevForward', () => {
  it.each([1, 2, 3, 4, 6])('equals the dense polynomial in powers of Lhat, K = %i', (order) => {
    const [fIn, fOut] = [3, 2];
    const x = numbers(count * fIn, 1);
    const theta = numbers(order * fIn * fOut, 2);
    const shape = { order, inFeatures: fIn, outFeatures: fOut };
    const out = chebyshevForward(
      lhat,
      shape,
      x,
      theta,
      new Float64Array(order * x.length),
      new Float64Array(count * fOut),
    );
    denseConvolution(order, fIn, fOut, x, theta).forEach((expected, at) => {
      expect(Math.abs(out[at] - expected)).toBeLessThan(tolerance);
    });
  });

  it('gives the same in float32 to 1e-6 relative to the largest value', () => {
    const shape = { order: 4, inFeatures: 3, outFeatures: 2 };
    const x = numbers(count * 3, 1);
    const theta = numbers(24, 2);
    const exact = denseConvolution(4, 3, 2, x, theta);
    const lhat32 = scaledLaplacian(laplacian, lambdaMax);
    const out = chebyshevForward(
      lhat32,
      shape,
      Float32Array.from(x),
      Float32Array.from(theta),
      new Float32Array(4 * x.length),
      new Float32Array(count * 2),
    );
    const largest = Math.max(...exact.map(Math.abs));
    exact.forEach((expected, at) => {
      expect(Math.abs(out[at] - expected) / largest).toBeLessThan(tolerance);
    });
  });

  it('names the array that does not fit', () => {
    const shape = { order: 2, inFeatures: 1, outFeatures: 1 };
    const arrays = [new Float64Array(count), new Float64Array(3), new Float64Array(2 * count), new Float64Array(count)];
    expect(() => chebyshevForward(lhat, shape, arrays[0], arrays[1], arrays[2], arrays[3])).toThrow(
      /expected theta of 2 numbers.*got 3/,
    );
    expect(() => chebyshevForward(lhat, { ...shape, order: 0 }, arrays[0], arrays[1], arrays[2], arrays[3])).toThrow(
      ShapeError,
    );
  });
});

describe('chebyshevBackward', () => {
  it.each([1, 2, 3, 5])('agrees with central differences in x and theta, K = %i', (order) => {
    const shape = { order, inFeatures: 2, outFeatures: 3 };
    const x = numbers(count * 2, 3);
    const theta = numbers(order * 6, 4);
    const weight = numbers(count * 3, 5);
    const basis = new Float64Array(order * x.length);
    const out = new Float64Array(count * 3);
    const loss = (): number =>
      chebyshevForward(lhat, shape, x, theta, basis, out).reduce((sum, value, at) => sum + value * weight[at], 0);
    loss();
    const gradient = { x: new Float64Array(x.length), theta: new Float64Array(theta.length) };
    chebyshevBackward(lhat, shape, theta, basis.slice(), weight, gradient);
    for (const [parameters, analytic] of [
      [x, gradient.x],
      [theta, gradient.theta],
    ]) {
      parameters.forEach((value, at) => {
        const step = 1e-5;
        parameters[at] = value + step;
        const above = loss();
        parameters[at] = value - step;
        const below = loss();
        parameters[at] = value;
        expect(Math.abs((above - below) / (2 * step) - analytic[at])).toBeLessThan(1e-7);
      });
    }
  });

  it('adds to the gradient of theta', () => {
    const shape = { order: 1, inFeatures: 1, outFeatures: 1 };
    const ones = new Float64Array(count).fill(1);
    const gradient = { x: new Float64Array(count), theta: Float64Array.of(100) };
    chebyshevBackward(lhat, shape, Float64Array.of(1), ones, ones, gradient);
    expect(gradient.theta[0]).toBe(118);
  });
});
