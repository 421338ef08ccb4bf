import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '@retinabench/core';
import { hasEnded, ownIdentity } from '@retinabench/files';
import type { JobStore, StoredJob } from '../engine/engine.js';
import { silentMs } from '../messages/limits.js';
import { runJobId } from '../messages/names.js';
import { parseRunSetup, type RunSetup } from '../messages/run-setup.js';

/** How often the beat of another's run is looked for. */
const lookMs = 1000;

/** How often a run is claimed anew where another was faster and is gone again. */
const mostAttempts = 5;

/** What a wait for another coordinator is announced with. */
export interface ClaimOptions {
  onNote(text: string): void;
  readonly signal?: AbortSignal;
}

/**
 * Make a run this process's, so that no other coordinator gives out its units. A run whose process has ended, or is silent on
 * another machine, is taken over.
 *
 * @param runs the jobs of all runs.
 * @throws {EnvironmentError} if a living process has it.
 */
export async function claimRun(runs: JobStore, setup: RunSetup, options: ClaimOptions): Promise<void> {
  const id = runJobId(setup.run);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const held = await runs.get(id);
    if (held !== undefined) {
      await requireGone(runs, held, options);
      await runs.remove(id);
    }
    await runs.add([{ id, data: setup }]);
    if (await isOurs(runs, setup)) return;
  }
  throw inUse(setup, 'another process');
}

/** Whether the run is this process's, as the server has it. */
export async function isOurs(runs: JobStore, { run, claim }: RunSetup): Promise<boolean> {
  const held = await runs.get(runJobId(run));
  return held !== undefined && tokenOf(held) === claim.token;
}

/** @throws {EnvironmentError} if the process that has a run lives. */
async function requireGone(runs: JobStore, held: StoredJob, { onNote, signal }: ClaimOptions): Promise<void> {
  let setup: RunSetup;
  try {
    setup = parseRunSetup(held.data, held.id);
  } catch {
    // Of another version, or damaged: nobody can work on it.
    return;
  }
  const holder = setup.claim.process;
  const name = `process ${holder.pid} on ${holder.host}`;
  if (holder.host === ownIdentity().host) {
    if (hasEnded(holder)) return;
    throw inUse(setup, name);
  }
  onNote(`this run is held by ${name}; it is taken over if that stays silent for ${silentMs / 1000} s`);
  const first = JSON.stringify(held.report);
  for (const startMs = performance.now(); performance.now() - startMs < silentMs; ) {
    await sleep(lookMs, undefined, signal === undefined ? {} : { signal });
    const now = await runs.get(held.id);
    if (now === undefined) return;
    if (JSON.stringify(now.report) !== first || tokenOf(now) !== setup.claim.token) throw inUse(setup, name);
  }
}

function tokenOf({ data }: StoredJob): unknown {
  return (data as { readonly claim?: { readonly token?: unknown } } | undefined)?.claim?.token;
}

/** The error of a run that another process has. */
export function inUse({ run, title }: RunSetup, holder: string): EnvironmentError {
  return new EnvironmentError(
    `run ${run} (${title}): in use by ${holder}; wait for it to end, or end it and run the same command again`,
  );
}
