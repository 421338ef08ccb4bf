import { ShapeError } from '@retinabench/core';

/**
 * Arrivals of a Poisson process: the times between them are independent and exponential, as those of queries from many
 * users are.
 *
 * @param perSecond mean rate, above 0.
 * @param count     arrivals, at least 1.
 * @param random    uniform numbers in [0, 1); the same sequence gives, at another rate, the same arrivals stretched.
 * @returns milliseconds after the start, ascending.
 * @throws {ShapeError} if the rate or the count is out of range.
 * Source: MLPerf Inference (arXiv:1911.02549), section V, scenario Server.
 */
export function poissonArrivals(perSecond: number, count: number, random: () => number): number[] {
  assertArrivals(perSecond, count);
  let atMs = 0;
  return Array.from({ length: count }, () => {
    atMs += (-Math.log(1 - random()) * 1000) / perSecond;
    return atMs;
  });
}

/**
 * Frames of a camera: one every `1000 / perSecond` ms, the first at 0.
 *
 * @throws {ShapeError} as `poissonArrivals`.
 */
export function steadyArrivals(perSecond: number, count: number): number[] {
  assertArrivals(perSecond, count);
  return Array.from({ length: count }, (_, frame) => (frame * 1000) / perSecond);
}

function assertArrivals(perSecond: number, count: number): void {
  if (!(perSecond > 0 && Number.isFinite(perSecond)) || !Number.isInteger(count) || count < 1) {
    throw new ShapeError(
      `arrivals: expected a rate above 0 and at least 1 arrival, got ${perSecond} a second and ${count}`,
    );
  }
}
