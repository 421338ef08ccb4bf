import { randomBytes } from 'node:crypto';
import { ownIdentity } from '@retinabench/files';
import type { Engine, JobStore } from '../engine/engine.js';
import { drainMarkId, marksName, runJobId, runsName } from '../messages/names.js';
import type { RunSetup } from '../messages/run-setup.js';
import { type ClaimOptions, claimRun, inUse, isOurs } from './claim-run.js';

/** A run that is this process's, as long as it says so. */
export class RunHold {
  readonly setup: RunSetup;
  readonly #runs: JobStore;
  readonly #marks: JobStore;
  #beat = 0;
  #isDraining = false;

  private constructor(setup: RunSetup, engine: Engine) {
    this.setup = setup;
    this.#runs = engine.jobs(runsName);
    this.#marks = engine.jobs(marksName);
  }

  /**
   * Claim a run and let workers know of it.
   *
   * @throws {EnvironmentError} if another process has it.
   * @throws {BackendError} if the server fails.
   */
  static async claim(
    engine: Engine,
    asked: Omit<RunSetup, 'version' | 'claim'>,
    options: ClaimOptions,
  ): Promise<RunHold> {
    const claim = { token: randomBytes(16).toString('hex'), process: ownIdentity() };
    const hold = new RunHold({ version: 1, ...asked, claim }, engine);
    await claimRun(hold.#runs, hold.setup, options);
    // A mark on an earlier coordinator of the run is not this one's.
    await hold.#marks.remove(drainMarkId(hold.setup.run));
    return hold;
  }

  /** Somebody asked that the run end when what workers have in hand is taken in. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * Say that this process lives, and how the run does. A server that has lost the run is told of it again.
   *
   * @throws {EnvironmentError} if another process has taken the run over.
   */
  async sayAlive(report: object): Promise<void> {
    const { setup } = this;
    const id = runJobId(setup.run);
    this.#isDraining = (await this.#marks.stateOf(drainMarkId(setup.run))) !== 'lost';
    if (!(await this.#runs.report(id, { beat: ++this.#beat, ...report }))) await this.#runs.add([{ id, data: setup }]);
    else if (!(await isOurs(this.#runs, setup))) throw inUse(setup, 'another process, which has taken it over');
  }

  /** Give the run back. @returns whether it was still this process's. */
  async release(): Promise<boolean> {
    const { setup } = this;
    if (!(await isOurs(this.#runs, setup))) return false;
    await this.#runs.remove(runJobId(setup.run));
    await this.#marks.remove(drainMarkId(setup.run));
    return true;
  }
}
