import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, requireThat } from './contradiction.js';

/** Contradictions between the browsers that a record names and its backends. */
export function findBrowserContradictions({ environment, backend, parity }: ResultRecord): Contradiction[] {
  const backends = new Set([backend?.id, ...(parity ?? []).map((result) => result.backend)]);
  return Object.entries(environment.browsers ?? {}).flatMap(([id, { name }]) => {
    const place = `environment.browsers.${id}`;
    return [
      ...requireThat(backends.has(id), place, 'a backend of the record', id),
      ...requireThat(
        id.startsWith(`${name}/`),
        `${place}.name`,
        `the browser of the backend, ${id.split('/')[0]}`,
        name,
      ),
    ];
  });
}
