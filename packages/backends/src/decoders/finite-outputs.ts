import { ModelError } from '@retinabench/core';
import type { PassOutputs } from './decoder.js';
import type { ExpectedOutput } from './expected-outputs.js';

/**
 * Assert that the scores of a pass are numbers: those of every candidate, since a logit that is infinite makes a score
 * of 1, and a NaN hides a face. A logit may be minus infinity, the logarithm of a probability of 0.
 *
 * @param outputs of the card's decoder; outputs that hold other things beside scores are left to their survivors.
 * @throws {ModelError} naming tensor, place and value of the first that is none.
 * Cost: one pass over the scores.
 */
export function assertFiniteScores(pass: PassOutputs, outputs: readonly ExpectedOutput[]): void {
  for (const { name, role } of outputs) {
    if (role !== 'score' && role !== 'logit') continue;
    if (outputs.some((other) => other.name === name && other.role !== role)) continue;
    assertFinite(pass, name, role === 'logit');
  }
}

/**
 * Assert that all numbers of a pass are finite, after one was found that is not.
 *
 * @throws {ModelError} naming tensor, place and value of the first that is none.
 */
export function assertFiniteOutputs(pass: PassOutputs, outputs: readonly ExpectedOutput[]): void {
  for (const { name, role } of outputs) assertFinite(pass, name, role === 'logit');
}

function assertFinite({ tensors, place }: PassOutputs, name: string, minusInfinity: boolean): void {
  const tensor = tensors[name];
  if (tensor === undefined) return;
  const { data, dims } = tensor;
  if (areFinite(data)) return;
  for (let at = 0; at < data.length; at++) {
    const value = data[at];
    // Of numbers that are not finite, and of them alone, this is NaN.
    if (value - value === 0 || (minusInfinity && value === Number.NEGATIVE_INFINITY)) continue;
    throw new ModelError(
      `${place}: output ${name}[${at}] of [${dims.join(', ')}]: expected a finite number, got ${value}; the model or the backend is broken, compare backends with retinabench parity`,
    );
  }
}

/** Whether all numbers are finite, four side by side. */
function areFinite(data: Float32Array): boolean {
  // A number that is not finite times 0 is NaN, and a sum with it stays NaN.
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 3 < data.length; at += 4) {
    a += data[at] * 0;
    b += data[at + 1] * 0;
    c += data[at + 2] * 0;
    d += data[at + 3] * 0;
  }
  for (; at < data.length; at++) a += data[at] * 0;
  return a + b + c + d === 0;
}
