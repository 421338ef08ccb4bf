import type { QueueAddress } from '../address/queue-address.js';

/** Where a job stands. `lost`: the server does not know it. */
export type JobState = 'waiting' | 'active' | 'completed' | 'failed' | 'lost';

/** A job as the server holds it. Everything in it is text of others until it is checked. */
export interface StoredJob {
  readonly id: string;
  readonly data: unknown;
  /** What was last reported of it. */
  readonly report: unknown;
  /** Of a completed job. */
  readonly result: unknown;
  /** Of a failed job. */
  readonly failure?: string;
  /** How often it was taken. */
  readonly taken: number;
}

/** Jobs of one name, as those who give them out and look at them see them. */
export interface JobStore {
  /** Add jobs; those whose id is there already stay as they are. */
  add(jobs: readonly { readonly id: string; readonly data: object }[]): Promise<void>;
  get(id: string): Promise<StoredJob | undefined>;
  /** The oldest jobs in a state. */
  list(state: Exclude<JobState, 'lost'>, most: number): Promise<readonly StoredJob[]>;
  stateOf(id: string): Promise<JobState>;
  counts(): Promise<Readonly<Record<Exclude<JobState, 'lost'>, number>>>;
  /** Leave a report with a job. @returns whether there is such a job. */
  report(id: string, report: object): Promise<boolean>;
  /** @returns whether it is gone; a job that someone works on stays. */
  remove(id: string): Promise<boolean>;
  /** Remove all jobs, also those that someone works on, and the name. */
  destroy(): Promise<void>;
  close(): Promise<void>;
}

/** A job that this process works on. */
export interface TakenJob {
  readonly id: string;
  readonly data: unknown;
  /** Keep it for another lock duration. @returns false if it is another's by now. */
  renew(): Promise<boolean>;
  /** @returns false if it is another's by now, so that the result is not taken. */
  complete(result: object): Promise<boolean>;
  /** Let another have it, without blame. */
  giveBack(): Promise<void>;
}

/** Takes jobs of one name, and lets jobs whose taker went silent be taken again. */
export interface JobTaker {
  /** The next job, or undefined if none waits; it does not wait for one. */
  take(): Promise<TakenJob | undefined>;
  close(): Promise<void>;
}

/** How long a job may be silent, and how often. */
export interface LockSettings {
  /** A job whose lock was not renewed for this long is taken from its worker. */
  readonly lockMs: number;
  /** Times that a job may be taken from a worker; once more, and it fails. */
  readonly mostStalls: number;
}

/** A connection to the server of a queue. Its errors are typed, and hold no password. */
export interface Engine {
  readonly address: QueueAddress;
  /** The library and server, with versions. */
  readonly description: string;
  /** What the user should know of how the server is set up. */
  readonly notes: readonly string[];
  jobs(name: string): JobStore;
  taker(name: string, lock: LockSettings): JobTaker;
  close(): Promise<void>;
}
