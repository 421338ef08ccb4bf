import { backendIds, loadBackend } from '@retinabench/backends';

/** Whether a backend loads a model here, and if not, why. */
export interface BackendVerdict {
  readonly id: string;
  readonly runs: boolean;
  readonly reason?: string;
}

/** Load a model on every backend that there is; what a network of free size lacks shows at its first run alone. */
export async function availabilityRows(bytes: Uint8Array, place: string): Promise<BackendVerdict[]> {
  const rows: BackendVerdict[] = [];
  for (const id of backendIds) rows.push(await verdictOf(id, bytes, place));
  return rows;
}

async function verdictOf(id: string, bytes: Uint8Array, place: string): Promise<BackendVerdict> {
  try {
    const backend = await loadBackend(id);
    const available = await backend.availability();
    if (!available.available) return { id, runs: false, reason: `${available.reason}; ${available.remedy}` };
    const session = await backend.createSession(bytes, place, { threads: 1 });
    await session.dispose();
    return { id, runs: true };
  } catch (cause) {
    return { id, runs: false, reason: (cause as Error).message };
  }
}
