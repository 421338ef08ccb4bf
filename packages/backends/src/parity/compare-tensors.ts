import { BackendError } from '@retinabench/core';
import type { Tensor, Tolerance } from '../backend/backend.js';

/** How far one tensor lies from another. */
export interface TensorDifference {
  readonly maxAbsolute: number;
  /** Over elements whose reference is at least `relativeFloor` in magnitude; smaller ones have no meaningful ratio. */
  readonly maxRelative: number;
  readonly withinTolerance: boolean;
}

/** Magnitude of the reference below which relative differences are not stated. */
const relativeFloor = 1e-3;

/**
 * Compare a tensor with its reference, element by element; an element is within tolerance if it differs by no more than
 * `absolute + relative |reference|`.
 *
 * @param place names the tensor and the backend, for messages.
 * @throws {BackendError} if the dimensions differ, or either has an element that is no finite number where the other
 * has another.
 * Cost: O(elements), allocates nothing.
 */
export function compareTensors(
  reference: Tensor,
  actual: Tensor,
  tolerance: Pick<Tolerance, 'absolute' | 'relative'>,
  place: string,
): TensorDifference {
  if (reference.dims.length !== actual.dims.length || reference.dims.some((dim, axis) => dim !== actual.dims[axis])) {
    throw new BackendError(`${place}: expected dimensions [${reference.dims}], got [${actual.dims}]`);
  }
  let maxAbsolute = 0;
  let maxRelative = 0;
  let withinTolerance = true;
  for (let i = 0; i < reference.data.length; i++) {
    const expected = reference.data[i];
    if (Object.is(expected, actual.data[i])) continue;
    const difference = Math.abs(actual.data[i] - expected);
    if (!Number.isFinite(difference)) {
      throw new BackendError(`${place}: element ${i} is ${actual.data[i]}, the reference has ${expected}`);
    }
    const magnitude = Math.abs(expected);
    maxAbsolute = Math.max(maxAbsolute, difference);
    if (magnitude >= relativeFloor) maxRelative = Math.max(maxRelative, difference / magnitude);
    if (difference > tolerance.absolute + tolerance.relative * magnitude) withinTolerance = false;
  }
  return { maxAbsolute, maxRelative, withinTolerance };
}
