import { EnvironmentError } from '@retinabench/core';
import type { Engine } from '../engine/engine.js';
import { workersName } from '../messages/names.js';
import { FleetView, type SeenWorker } from './fleet-view.js';

/** Units that are out beyond three for each worker. */
const spareUnits = 4;

/** How long workers have to look at a new run before it is said that none takes part. */
const patienceMs = 10_000;

/** How a run watches its workers. */
export interface WatchOptions {
  readonly run: string;
  /** Longest time without any worker; absent: no limit. */
  readonly waitMs?: number;
  onNote(text: string): void;
}

/** The workers of a queue as a run sees them: how many there are, who refuses it, and whether anybody helps. */
export class FleetWatch {
  readonly #options: WatchOptions;
  readonly #view: FleetView;
  /** How a user starts a worker. */
  readonly #command: string;
  /** What was said: each thing once. */
  readonly #told = new Set<string>();
  #refusals = 0;
  #seen: readonly SeenWorker[] = [];
  #helpedMs = performance.now();

  constructor(engine: Engine, options: WatchOptions) {
    this.#options = options;
    this.#view = new FleetView(engine.jobs(workersName));
    this.#command = `retinabench worker --queue ${engine.address.shown}`;
  }

  get seen(): readonly SeenWorker[] {
    return this.#seen;
  }

  /** How often a worker has refused the run, each reason once. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Units that may be out, and child processes of all workers. */
  get capacity(): { readonly units: number; readonly slots: number } {
    const living = this.#seen.filter(({ isSilent }) => !isSilent);
    const slots = living.reduce((sum, worker) => sum + worker.slots, 0);
    return { units: 3 * living.length + spareUnits, slots: Math.max(slots, 2) };
  }

  /**
   * Look at all workers, and say what the user should know.
   *
   * @throws {EnvironmentError} if none has taken part for too long.
   */
  async look(): Promise<void> {
    const { run, waitMs } = this.#options;
    this.#seen = await this.#view.look();
    for (const worker of this.#seen) this.#sayRefusals(worker);
    const nowMs = performance.now();
    if (this.#seen.some(({ takes, isSilent }) => !isSilent && takes.includes(run))) this.#helpedMs = nowMs;
    const aloneMs = nowMs - this.#helpedMs;
    if (aloneMs > 0 && (this.#seen.length === 0 || aloneMs > patienceMs)) {
      this.#sayOnce(`no worker yet; start some: ${this.#command}`);
    }
    if (waitMs !== undefined && aloneMs > waitMs) {
      throw new EnvironmentError(
        `no worker has taken part for ${Math.round(waitMs / 1000)} s; start some (${this.#command}) and run the same command again, or wait longer with --queue-wait SECONDS`,
      );
    }
  }

  #sayRefusals({ name, refuses }: SeenWorker): void {
    for (const { run, reason } of refuses) {
      if (run !== this.#options.run) continue;
      if (this.#sayOnce(`worker ${name} does not take part: ${reason}`)) this.#refusals++;
    }
  }

  /** @returns whether it was new. */
  #sayOnce(text: string): boolean {
    if (this.#told.has(text)) return false;
    this.#told.add(text);
    this.#options.onNote(text);
    return true;
  }
}
