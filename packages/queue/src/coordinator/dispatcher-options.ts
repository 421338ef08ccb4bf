import type { JobStore } from '../engine/engine.js';
import type { AnsweredBy, FleetCodec } from './fleet-codec.js';
import type { UnitSize } from './unit-size.js';

/** What a dispatcher works with beside the tasks. */
export interface DispatcherOptions<Task, Result> {
  readonly run: string;
  /** In what workers may differ from what the run asks for. */
  readonly allow: readonly string[];
  readonly codec: FleetCodec<Task, Result>;
  readonly units: JobStore;
  readonly size: UnitSize;
  readonly root?: string;
  /** Units that may be out, and child processes of all workers, now. */
  capacity(): { readonly units: number; readonly slots: number };
  /** A worker has done so many images in so long. */
  onUnit(by: AnsweredBy, images: number, tookMs: number): void;
  /** Images of a unit were given out once more: its worker went silent, gave it back, or answered what is no result. */
  onRepeated(images: number): void;
  /** An image whose bytes workers may fetch, until the unit is done. */
  offer(sha256: string, file: string): void;
  withdraw(sha256: string): void;
  onNote(text: string): void;
  /** How often workers have refused the run. */
  refusals(): number;
  /** The run is to end when what workers have in hand is taken in. */
  isDraining(): boolean;
  /** @throws what ends the run: another coordinator, no workers. */
  assertGoingOn(): void;
}
