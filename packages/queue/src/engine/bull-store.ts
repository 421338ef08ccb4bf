import type { Job } from 'bullmq';
import type { BullServer } from './bull-server.js';
import type { JobState, JobStore, StoredJob } from './engine.js';
import { engineError } from './engine-error.js';
import { type Reaching, reach } from './reach.js';

/** Namespace of all that this program keeps on a server of Redis. */
export const keyPrefix = 'retinabench';

/** Events that the server keeps of a queue: nobody reads them, and each may hold a result. */
const keptEvents = 8;

/** What a failed or forgotten command asks of the user. */
const next = 'run the same command again, it goes on where it stopped';

const states = ['waiting', 'active', 'completed', 'failed'] as const;

/** Jobs of one name on BullMQ. */
export function openBullStore(server: BullServer, name: string, reaching: Reaching): JobStore {
  const { bullmq, connection, backend, address } = server;
  const options = {
    connection,
    prefix: keyPrefix,
    skipVersionCheck: true,
    streams: { events: { maxLen: keptEvents } },
    defaultJobOptions: { attempts: 1, stackTraceLimit: 1 },
  };
  const queue = backend === undefined ? new bullmq.Queue(name, options) : new bullmq.Queue(name, options, backend);
  queue.on('error', reaching.onError);
  const ask = <Answer>(question: () => Promise<Answer>): Promise<Answer> =>
    reach(question, reaching).catch((error: unknown) => {
      throw engineError(address, error, next);
    });
  const stateOf = async (id: string): Promise<JobState> => {
    const state = await queue.getJobState(id);
    if (state === 'unknown') return 'lost';
    return states.find((known) => known === state) ?? 'waiting';
  };
  return {
    add: (jobs) =>
      ask(async () => {
        await queue.addBulk(jobs.map(({ id, data }) => ({ name: 'job', data, opts: { jobId: id } })));
      }),
    get: (id) =>
      ask(async () => {
        const job = (await queue.getJob(id)) as Job | undefined;
        return job?.id === undefined ? undefined : stored(job);
      }),
    list: (state, most) =>
      ask(async () => {
        const jobs = (await queue.getJobs([state], 0, most - 1, true)) as Job[];
        return jobs.filter((job) => job?.id !== undefined).map(stored);
      }),
    stateOf: (id) => ask(() => stateOf(id)),
    counts: () =>
      ask(async () => {
        const counts = await queue.getJobCounts(...states);
        return { waiting: 0, active: 0, completed: 0, failed: 0, ...counts };
      }),
    report: (id, report) =>
      ask(async () => {
        try {
          await queue.updateJobProgress(id, report);
          return true;
        } catch (error) {
          if ((await stateOf(id)) === 'lost') return false;
          throw error;
        }
      }),
    remove: (id) => ask(async () => (await queue.remove(id)) === 1),
    destroy: () =>
      ask(async () => {
        await queue.pause();
        await queue.obliterate({ force: true });
      }),
    close: () => queue.close(),
  };
}

/** A number of times, as a server names it. */
function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function stored(job: Job): StoredJob {
  return {
    id: job.id ?? '',
    data: job.data as unknown,
    report: job.progress as unknown,
    result: job.returnvalue as unknown,
    taken: countOf(job.attemptsStarted),
    ...(job.failedReason === undefined ? {} : { failure: job.failedReason }),
  };
}
