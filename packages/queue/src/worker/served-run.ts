import { type OpenCrew, openCrew, type SpareWorkers, type TaskOutcome } from '@retinabench/backends/workers';
import { DatasetError, shortenText } from '@retinabench/core';
import { longestText } from '../messages/limits.js';
import type { RunSetup } from '../messages/run-setup.js';
import { type Unit, type UnitOutcome, type UnitResult, type UnitTask, unitDigest } from '../messages/unit.js';
import { differenceText, differingImages, type ImagePlaces, locateImages, removeFetched } from './locate-images.js';
import type { LocatedImage, OpenedKind } from './worker-kind.js';

/** Why a worker stops working on a run. */
export class RunRefused extends Error {
  override readonly name = 'RunRefused';
}

/** A run that a worker works on, with its child processes. */
export class ServedRun {
  readonly #opened: OpenedKind;
  readonly #crew: OpenCrew<unknown, unknown>;
  readonly #places: ImagePlaces;
  readonly #differs: readonly string[];
  /** Images of units that are not with the crew yet. */
  #preparing = 0;

  constructor(
    readonly setup: RunSetup,
    opened: OpenedKind,
    {
      slots,
      places,
      differs,
      spares,
      onTaken,
    }: {
      readonly slots: number;
      readonly places: ImagePlaces;
      readonly differs: readonly string[];
      readonly spares?: SpareWorkers;
      /** Told when a child process has taken a task that waited. */
      onTaken(): void;
    },
  ) {
    this.#opened = opened;
    this.#places = { ...places, ...(setup.source === undefined ? {} : { source: setup.source }) };
    this.#differs = differs;
    const { taskLimitMs } = setup;
    this.#crew = openCrew({
      module: opened.module,
      workers: slots,
      init: opened.init,
      onTaken,
      ...(spares === undefined ? {} : { spares }),
      ...(taskLimitMs === undefined ? {} : { taskLimitMs }),
    });
  }

  /** Tasks that no child process has yet. */
  get waiting(): number {
    return this.#preparing + this.#crew.waiting;
  }

  /**
   * Work on a unit.
   *
   * @param workerId who says so.
   * @returns its result but for the time that it took.
   * @throws {RunRefused} if an image is missing here or has other bytes, and cannot be fetched.
   * @throws {ModelError}, {BackendError} if no child process can do anything.
   */
  async work(unitId: string, unit: Unit, workerId: string): Promise<Omit<UnitResult, 'tookMs'>> {
    this.#preparing += unit.tasks.length;
    let left = unit.tasks.length;
    const begun = (): void => {
      left--;
      this.#preparing--;
    };
    try {
      const outcomes = await Promise.all(unit.tasks.map((task) => this.#workTask(task, begun)));
      const { run } = this.setup;
      const json = JSON.stringify(outcomes);
      return {
        version: 1,
        run,
        worker: workerId,
        ...(this.#differs.length === 0 ? {} : { differs: this.#differs }),
        outcomes: json,
        sha256: unitDigest(run, unitId, json),
      };
    } finally {
      this.#preparing -= left;
    }
  }

  close(): void {
    this.#crew.close();
  }

  async #workTask(task: UnitTask, begun: () => void): Promise<UnitOutcome> {
    let located = await this.#locate(task, false);
    try {
      begun();
      let outcome = await this.#run(located);
      const differing = await this.#differing(task, located, outcome);
      if (differing !== undefined) {
        if (this.#places.source === undefined) {
          throw new RunRefused(
            `${differing}; give this machine the same images, or let the coordinator send them with --serve-images`,
          );
        }
        await removeFetched(located, this.#places.scratch);
        located = await this.#locate(task, true);
        outcome = await this.#run(located);
      }
      return travelling(outcome, located, this.#opened);
    } finally {
      await removeFetched(located, this.#places.scratch);
    }
  }

  async #locate({ images }: UnitTask, fetchAll: boolean): Promise<LocatedImage[]> {
    try {
      return await locateImages(images, this.#places, fetchAll);
    } catch (error) {
      throw error instanceof DatasetError ? new RunRefused(error.message) : error;
    }
  }

  #run(located: readonly LocatedImage[]): Promise<TaskOutcome<unknown>> {
    return this.#crew.run(this.#opened.toTask(located));
  }

  /** In which image this machine differs from the coordinator, if in any: a good result names its bytes, a bad one does not. */
  async #differing(
    { images }: UnitTask,
    located: readonly LocatedImage[],
    outcome: TaskOutcome<unknown>,
  ): Promise<string | undefined> {
    if (outcome.kind !== 'done') return (await differingImages(images, located))[0];
    const answers = this.#opened.toAnswers(outcome.result);
    const index = images.findIndex(({ sha256 }, i) => answers[i]?.sha256 !== sha256);
    return index < 0 ? undefined : differenceText(images[index].name, answers[index]?.sha256, images[index].sha256);
  }
}

/** An outcome as it travels: names of files here become places in the task. */
function travelling(outcome: TaskOutcome<unknown>, located: readonly LocatedImage[], opened: OpenedKind): UnitOutcome {
  if (outcome.kind === 'done') return { answers: opened.toAnswers(outcome.result).map(({ answer }) => answer) };
  if (outcome.kind === 'death') return { death: shortenText(outcome.how, longestText) };
  const { kind, message, exitCode } = outcome.failure;
  // The crew tells deaths apart itself.
  if (kind === 'death') return { death: shortenText(message, longestText) };
  const named = located.reduce((text, { file }, index) => text.replaceAll(file, `{${index}}`), message);
  return { failure: { kind, message: shortenText(named, longestText), exitCode } };
}
