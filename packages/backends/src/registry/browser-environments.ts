import type { BrowserEnvironment } from '@retinabench/results';
import { BrowserBackend } from '../browsers/browser-backend.js';
import { loadBackend } from './registry.js';

/**
 * The browsers of those backends that run in one, by the id of the backend, as a record names them. Each is started once in a
 * process to see what it is.
 *
 * @returns nothing for backends of this process.
 * @throws {BackendError} if a browser is missing, does not start, or lacks what its runtime computes on.
 */
export async function browserEnvironments(ids: readonly string[]): Promise<Record<string, BrowserEnvironment>> {
  const found: Record<string, BrowserEnvironment> = {};
  for (const id of new Set(ids)) {
    const backend = await loadBackend(id);
    if (backend instanceof BrowserBackend) found[id] = await backend.environment();
  }
  return found;
}

/** What makes times in these browsers doubtful: a GPU that is none. */
export function browserWarnings(browsers: Readonly<Record<string, BrowserEnvironment>>): string[] {
  return Object.entries(browsers).flatMap(([id, { adapter }]) =>
    adapter?.software ? [`${id} computes on the processor (${adapter.name}): its times say nothing about a GPU`] : [],
  );
}
