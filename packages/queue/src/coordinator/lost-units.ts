import type { JobStore } from '../engine/engine.js';
import type { OpenUnit } from './issue-unit.js';

/** Units that are asked for at a time. */
const asksAtOnce = 64;

/** The units that the server does not know any more. */
export async function lostUnits(units: JobStore, open: readonly OpenUnit[]): Promise<OpenUnit[]> {
  const lost: OpenUnit[] = [];
  for (let start = 0; start < open.length; start += asksAtOnce) {
    const block = open.slice(start, start + asksAtOnce);
    const states = await Promise.all(block.map(({ id }) => units.stateOf(id)));
    lost.push(...block.filter((_, i) => states[i] === 'lost'));
  }
  return lost;
}
