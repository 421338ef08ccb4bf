import type { AnsweredBy } from './fleet-codec.js';
import type { SeenWorker } from './fleet-view.js';

/** How a fleet does. */
export interface FleetProgress {
  /** Images whose results have come in. */
  readonly images: number;
  readonly imagesPerSecond: number;
  /** Workers that take part now. */
  readonly workers: number;
  /** The slowest of them, by images a second while it worked. */
  readonly slowest?: { readonly name: string; readonly imagesPerSecond: number };
  /** Images that were given out more than once, as often as they were. */
  readonly repeated: number;
  /** Workers that went silent while the run was on. */
  readonly lost: number;
  /** Images by the machines' differences from what the run asks for, where there are any. */
  readonly differing: readonly { readonly differs: readonly string[]; readonly images: number }[];
}

/** What a worker has done. */
interface WorkerTally {
  images: number;
  busyMs: number;
}

/** Keeps count of a fleet. */
export class FleetStatistics {
  readonly #startedMs = performance.now();
  readonly #tallies = new Map<string, WorkerTally>();
  readonly #differing = new Map<string, { readonly differs: readonly string[]; images: number }>();
  readonly #lost = new Set<string>();
  #seen: readonly SeenWorker[] = [];
  #images = 0;
  #repeated = 0;

  /** A unit came back. */
  add({ worker, differs }: AnsweredBy, images: number, tookMs: number): void {
    this.#images += images;
    const tally = this.#tallies.get(worker) ?? { images: 0, busyMs: 0 };
    this.#tallies.set(worker, tally);
    tally.images += images;
    tally.busyMs += tookMs;
    if (differs === undefined) return;
    const held = this.#differing.get(differs.join('\n')) ?? { differs, images: 0 };
    this.#differing.set(differs.join('\n'), held);
    held.images += images;
  }

  /** Images were given out once more. */
  repeat(images: number): void {
    this.#repeated += images;
  }

  /** The workers that there are now. */
  look(seen: readonly SeenWorker[], run: string): void {
    for (const { id, isSilent, takes } of seen) if (isSilent && takes.includes(run)) this.#lost.add(id);
    this.#seen = seen.filter(({ isSilent, takes }) => !isSilent && takes.includes(run));
    for (const { id } of this.#seen) this.#lost.delete(id);
    const living = new Set(this.#seen.map(({ id }) => id));
    for (const id of this.#tallies.keys()) if (!living.has(id)) this.#tallies.delete(id);
  }

  get progress(): FleetProgress {
    const seconds = Math.max(performance.now() - this.#startedMs, 1) / 1000;
    const speeds = this.#seen.flatMap(({ id, name }) => {
      const tally = this.#tallies.get(id);
      return tally === undefined || tally.busyMs === 0
        ? []
        : [{ name, imagesPerSecond: (tally.images * 1000) / tally.busyMs }];
    });
    speeds.sort((a, b) => a.imagesPerSecond - b.imagesPerSecond);
    return {
      images: this.#images,
      imagesPerSecond: this.#images / seconds,
      // Those that have answered since the last look are there, too.
      workers: Math.max(this.#seen.length, this.#tallies.size),
      ...(speeds.length > 1 ? { slowest: speeds[0] } : {}),
      repeated: this.#repeated,
      lost: this.#lost.size,
      differing: [...this.#differing.values()],
    };
  }
}
