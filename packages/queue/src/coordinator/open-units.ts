import type { DispatcherOptions } from './dispatcher-options.js';
import type { OpenUnit } from './issue-unit.js';
import type { TaskTable } from './task-table.js';

/** The units that are out, and the tasks that are to be given out alone. */
export class OpenUnits<Init, Task, Result> {
  readonly #tasks: readonly Task[];
  readonly #table: TaskTable<Init, Task, Result>;
  readonly #options: DispatcherOptions<Task, Result>;
  readonly #units = new Map<string, OpenUnit>();
  /** Tasks that may have cost a worker. */
  readonly #suspects: number[] = [];

  constructor(tasks: readonly Task[], table: TaskTable<Init, Task, Result>, options: DispatcherOptions<Task, Result>) {
    this.#tasks = tasks;
    this.#table = table;
    this.#options = options;
  }

  get size(): number {
    return this.#units.size;
  }

  get all(): readonly OpenUnit[] {
    return [...this.#units.values()];
  }

  get(id: string): OpenUnit | undefined {
    return this.#units.get(id);
  }

  /** A unit is out: its tasks are nobody else's, and workers may fetch its images. */
  giveOut(unit: OpenUnit): void {
    const { codec, offer } = this.#options;
    this.#units.set(unit.id, unit);
    this.#table.giveOut(unit.indices);
    unit.indices.forEach((index, i) => {
      const images = codec.imagesOf(this.#tasks[index]);
      const files = new Map(images.map(({ name, file }) => [name, file] as const));
      for (const { name, sha256 } of unit.unit.tasks[i].images) offer(sha256, files.get(name) ?? '');
    });
  }

  /** A unit is no longer out: what of it is not done is to be given out again. */
  takeBack(unit: OpenUnit): void {
    this.#units.delete(unit.id);
    for (const { images } of unit.unit.tasks) for (const { sha256 } of images) this.#options.withdraw(sha256);
    this.#table.takeBack(unit.indices);
  }

  /** Tasks may have cost a worker. Those that are done, or in another unit, are left out. */
  suspect(indices: readonly number[]): void {
    this.#suspects.push(...indices.filter((index) => this.#table.isOpen(index)));
  }

  /** The next task that is to be given out alone. */
  nextSuspect(): number | undefined {
    return this.#suspects.pop();
  }
}
