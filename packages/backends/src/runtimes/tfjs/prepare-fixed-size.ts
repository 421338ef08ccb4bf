import type { Session } from '../../backend/backend.js';
import type { Graph } from './graph/graph.js';

/**
 * Prepare a session at once where its network takes one input size alone, so that anything unsupported shows here and not
 * at the first run.
 *
 * @param prepare the session for these dimensions of its inputs.
 * @returns the session, which is disposed if it cannot be prepared.
 * @throws what `prepare` throws.
 */
export async function prepareFixedSize<Prepared extends Session>(
  session: Prepared,
  { inputs }: Graph,
  prepare: (inputDims: readonly (readonly number[])[]) => Promise<unknown>,
): Promise<Prepared> {
  const fixed = inputs.map(({ dims }) => (dims?.every((dim) => dim !== undefined) ? (dims as number[]) : undefined));
  if (!fixed.every((dims) => dims !== undefined)) return session;
  try {
    await prepare(fixed as number[][]);
  } catch (error) {
    await session.dispose();
    throw error;
  }
  return session;
}
