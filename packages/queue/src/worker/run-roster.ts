import { isRetinaBenchError, printable, shortenText } from '@retinabench/core';
import type { Engine, JobTaker, StoredJob, TakenJob } from '../engine/engine.js';
import { longestText, mostStalls } from '../messages/limits.js';
import { runsName, unitsName } from '../messages/names.js';
import { parseRunSetup, type RunSetup } from '../messages/run-setup.js';
import { joinRun, type WorkerMeans } from './join-run.js';
import { RunRefused, type ServedRun } from './served-run.js';

/** Part of the lock duration after which locks are renewed. */
const renewPart = 4;

/** Runs that are looked at. */
const mostRuns = 1000;

/** A run of which units are taken. */
export interface JoinedRun {
  readonly served: ServedRun;
  readonly taker: JobTaker;
  /** Units in hand. */
  readonly jobs: Set<TakenJob>;
  /** Renews their locks. */
  readonly renewal: NodeJS.Timeout;
}

/** What a roster works with. */
export interface RosterOptions extends WorkerMeans {
  readonly engine: Engine;
  onNote(text: string): void;
}

/** The runs of a queue that a worker takes part in, and those that it refuses. */
export class RunRoster {
  readonly #options: RosterOptions;
  readonly #joined = new Map<string, JoinedRun>();
  /** By run: why, and under which coordinator's claim. */
  readonly #refused = new Map<string, { readonly reason: string; readonly token?: string }>();
  #isJoining = false;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  get joined(): readonly JoinedRun[] {
    return [...this.#joined.values()];
  }

  /** Whether a run is being joined: its models are fetched and loaded. */
  get isJoining(): boolean {
    return this.#isJoining;
  }

  get takes(): readonly string[] {
    return [...this.#joined.keys()];
  }

  get refuses(): readonly { readonly run: string; readonly reason: string }[] {
    return [...this.#refused].map(([run, { reason }]) => ({ run, reason }));
  }

  /** Whether a run is still taken part in as it was joined. */
  has(joined: JoinedRun): boolean {
    return this.#joined.get(joined.served.setup.run) === joined;
  }

  /** Join runs that are new, leave those that are gone. @returns whether anything has changed. */
  async discover(): Promise<boolean> {
    const listed = await this.#options.engine.jobs(runsName).list('waiting', mostRuns);
    const there = new Set<string>();
    let hasChanged = false;
    for (const job of listed) {
      const setup = this.#read(job);
      there.add(setup?.run ?? job.id);
      if (setup !== undefined && (await this.#consider(setup))) hasChanged = true;
    }
    for (const { served, jobs } of this.joined) {
      const { run } = served.setup;
      if (!there.has(run) && jobs.size === 0) await this.leave(run);
    }
    for (const run of this.#refused.keys()) if (!there.has(run)) this.#refused.delete(run);
    return hasChanged;
  }

  /** Take no part in a run, as long as its coordinator stays the same. */
  refuse(run: string, reason: string, setup?: RunSetup): void {
    if (this.#refused.has(run)) return;
    this.#refused.set(run, {
      reason: shortenText(printable(reason), longestText),
      ...(setup === undefined ? {} : { token: setup.claim.token }),
    });
    const title = setup?.title;
    this.#options.onNote(`does not take part in run ${run}${title === undefined ? '' : ` (${title})`}: ${reason}`);
  }

  /** Stop working on a run, and give back what is in hand. */
  async leave(run: string): Promise<void> {
    const joined = this.#joined.get(run);
    if (joined === undefined) return;
    this.#joined.delete(run);
    clearInterval(joined.renewal);
    joined.served.close();
    await Promise.all([...joined.jobs].map((job) => job.giveBack()));
    await joined.taker.close();
  }

  #read({ id, data }: StoredJob): RunSetup | undefined {
    try {
      return parseRunSetup(data, id);
    } catch (error) {
      this.refuse(id, (error as Error).message);
      return undefined;
    }
  }

  /** Join a run unless that is settled. @returns whether it was joined or refused now. */
  async #consider(setup: RunSetup): Promise<boolean> {
    const { engine, onNote } = this.#options;
    const { run, title, claim, lockMs } = setup;
    const held = this.#joined.get(run);
    // A coordinator that went on with a run may have other settings.
    if (held !== undefined && held.served.setup.claim.token !== claim.token && held.jobs.size === 0) {
      await this.leave(run);
    }
    const refused = this.#refused.get(run);
    if (refused !== undefined && refused.token !== claim.token) this.#refused.delete(run);
    if (this.#joined.has(run) || this.#refused.has(run)) return false;
    this.#isJoining = true;
    try {
      const served = await joinRun(setup, this.#options);
      const taker = engine.taker(unitsName(run), { lockMs, mostStalls });
      const jobs = new Set<TakenJob>();
      const renewal = setInterval(() => void renewAll(jobs), lockMs / renewPart);
      this.#joined.set(run, { served, taker, jobs, renewal });
      onNote(`takes part in run ${run}: ${title}`);
    } catch (error) {
      if (!(error instanceof RunRefused) && !isRetinaBenchError(error)) throw error;
      this.refuse(run, error.message, setup);
    } finally {
      this.#isJoining = false;
    }
    return true;
  }
}

/** Renew the locks of the units in hand. One that is another's by now is found out when it is completed. */
async function renewAll(jobs: ReadonlySet<TakenJob>): Promise<void> {
  await Promise.all([...jobs].map((job) => job.renew().catch(() => false)));
}
