import {
  type Backend,
  firstDeparture,
  type ParityRun,
  referenceLayers,
  type SessionOptions,
} from '@retinabench/backends';
import { isRetinaBenchError } from '@retinabench/core';
import type { LoadedModel } from '@retinabench/models/node';

/**
 * The first node whose output departs, in words, by backend; `none` where no node does. All inner values of the network
 * are computed once on each backend, for the last image's input.
 */
export async function departuresOf(
  run: ParityRun,
  reference: Backend,
  { bytes, card }: LoadedModel,
  options: SessionOptions,
): Promise<Map<string, string>> {
  const place = `model ${card.id}`;
  const layers = await referenceLayers(reference, bytes, place, run.lastFeeds(), options);
  const found = new Map<string, string>();
  for (const { backend } of run.contenders) {
    try {
      const departure = await firstDeparture(backend, layers, place, options);
      found.set(
        backend.id,
        departure === undefined
          ? `none of ${layers.layers.length} nodes`
          : `${departure.layer.node} (${departure.layer.operator}): ${departure.maxAbsolute.toExponential(1)}, tolerance ${departure.tolerance.toExponential(1)}`,
      );
    } catch (error) {
      if (!isRetinaBenchError(error)) throw error;
      found.set(backend.id, error.message);
    }
  }
  return found;
}
