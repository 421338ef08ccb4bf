import type { Backend, SessionOptions, Tensor } from '../backend/backend.js';
import { compareTensors } from './compare-tensors.js';
import { exposeLayers, type Layer } from './expose-layers.js';

/** A layer whose output lies beyond tolerance. */
export interface Departure {
  readonly layer: Layer;
  readonly maxAbsolute: number;
  readonly tolerance: number;
}

/** The inner values of a network on the reference backend, for one input. */
export interface ReferenceLayers {
  readonly model: Uint8Array;
  readonly layers: readonly Layer[];
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly values: Readonly<Record<string, Tensor>>;
}

/**
 * Run a network on the reference backend with all its inner values as outputs.
 *
 * @throws {ModelError}, {BackendError} if the backend cannot load or run it so.
 * Memory: all inner values at once.
 */
export async function referenceLayers(
  backend: Backend,
  bytes: Uint8Array,
  place: string,
  feeds: Readonly<Record<string, Tensor>>,
  options: SessionOptions,
): Promise<ReferenceLayers> {
  const { model, layers } = exposeLayers(bytes, place);
  const session = await backend.createSession(model, place, options);
  try {
    return { model, layers, feeds, values: await session.run(feeds) };
  } finally {
    await session.dispose();
  }
}

/**
 * The first layer, in the order of execution, whose output on `backend` lies further from the reference than the
 * backend's absolute tolerance plus its relative one times the layer's largest magnitude.
 *
 * @returns undefined if none does.
 */
export async function firstDeparture(
  backend: Backend,
  reference: ReferenceLayers,
  place: string,
  options: SessionOptions,
): Promise<Departure | undefined> {
  const session = await backend.createSession(reference.model, place, options);
  try {
    const values = await session.run(reference.feeds);
    for (const layer of reference.layers) {
      const expected = reference.values[layer.output];
      const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const tolerance = backend.tolerance.absolute + backend.tolerance.relative * largest;
      const bounds = { absolute: tolerance, relative: 0 };
      const where = `backend ${backend.id}: layer ${layer.node}`;
      const { maxAbsolute, withinTolerance } = compareTensors(expected, values[layer.output], bounds, where);
      if (!withinTolerance) return { layer, maxAbsolute, tolerance };
    }
    return undefined;
  } finally {
    await session.dispose();
  }
}
