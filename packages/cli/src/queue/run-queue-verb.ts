import type { Engine, QueueStatus } from '@retinabench/queue';
import { decideExit, exitCodes } from '../exit.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';
import { queueUrl } from './queue-flags.js';

/** The flags of `retinabench queue status`, `drain` and `clean`. */
export interface QueueVerbFlags extends OutputFlags {
  readonly queue: string;
  readonly run?: string;
  readonly live?: boolean;
  readonly unreadable?: boolean;
}

/** What a queue holds, in tables. */
export async function runStatus(flags: QueueVerbFlags): Promise<void> {
  const output = outputOf(flags);
  await withEngine(output, flags, async (engine) => {
    const { readQueue } = await import('@retinabench/queue');
    const status = await readQueue(engine, flags.live === true);
    printResult(output, formatStatus(status));
    printJson(output, status);
  });
}

/** Ask coordinators to end. */
export async function runDrain(flags: QueueVerbFlags): Promise<void> {
  const output = outputOf(flags);
  await withEngine(output, flags, async (engine) => {
    const { drainRuns } = await import('@retinabench/queue');
    const runs = await drainRuns(engine, flags.run);
    const names = runs.map(({ run, title }) => `${run} (${title})`);
    if (runs.length === 0 && flags.run !== undefined) {
      printNote(`no run ${flags.run} in this queue; retinabench queue status lists them`);
      decideExit(exitCodes.invalidInput);
    }
    printResult(output, runs.length === 0 ? 'no run to drain' : `asked to end: ${names.join(', ')}`);
    printJson(output, { runs: runs.map(({ run }) => run) });
  });
}

/** Remove what processes left that have ended. */
export async function runClean(flags: QueueVerbFlags): Promise<void> {
  const output = outputOf(flags);
  await withEngine(output, flags, async (engine) => {
    const { cleanQueue } = await import('@retinabench/queue');
    const { run, unreadable } = flags;
    const cleaned = await cleanQueue(engine, {
      ...(run === undefined ? {} : { run }),
      ...(unreadable === undefined ? {} : { unreadable }),
    });
    const names = cleaned.runs.map((held) => `${held.run} (${held.title})`);
    if (run !== undefined && names.length === 0) {
      printNote(
        `run ${run} is not in this queue, or its command lives (retinabench queue status); queue drain ends one that lives`,
      );
      decideExit(exitCodes.invalidInput);
    }
    printResult(
      output,
      `removed: ${names.length === 0 ? 'no run' : names.join(', ')}; ${cleaned.workers} ${cleaned.workers === 1 ? 'worker that has' : 'workers that have'} ended${
        cleaned.unreadable.length === 0 ? '' : `; ${cleaned.unreadable.length} entries of other versions`
      }`,
    );
    printJson(output, { ...cleaned, runs: cleaned.runs.map((held) => held.run) });
  });
}

async function withEngine(
  output: Output,
  flags: QueueVerbFlags,
  work: (engine: Engine) => Promise<void>,
): Promise<void> {
  const { openEngine } = await import('@retinabench/queue');
  const engine = await openEngine(queueUrl(flags.queue), { onNote: printNote });
  try {
    if (!output.quiet) printNote(`queue: ${engine.description} at ${engine.address.shown}`);
    for (const note of engine.notes) printNote(`queue: ${note}`);
    await work(engine);
  } finally {
    await engine.close().catch(() => undefined);
  }
}

/** Tables of runs and workers. */
function formatStatus({ runs, workers, unreadable }: QueueStatus): string {
  const numeric = (heading: string) => ({ heading, numeric: true });
  const runColumns = [
    { heading: 'run' },
    { heading: 'what' },
    { heading: 'held by' },
    { heading: 'state' },
    ...['images', 'images/s', 'waiting', 'in hand', 'to take in', 'failed'].map(numeric),
  ];
  const runRows = runs.map(({ run, title, holder, liveness, units, images, imagesPerSecond }) => [
    run,
    title,
    holder,
    liveness,
    String(images),
    imagesPerSecond.toFixed(1),
    ...[units.waiting, units.active, units.completed, units.failed].map(String),
  ]);
  const workerColumns = [
    { heading: 'worker' },
    { heading: 'state' },
    numeric('processes'),
    numeric('images'),
    { heading: 'takes' },
    { heading: 'refuses' },
  ];
  const workerRows = workers.map(({ name, liveness, slots, images, takes, refuses }) => [
    name,
    liveness,
    String(slots),
    String(images),
    takes.filter((id) => runs.some(({ run }) => run === id)).join(' '),
    refuses.map(({ run }) => run).join(' '),
  ]);
  const parts = [
    runs.length === 0 ? 'no runs' : renderTable(runColumns, runRows),
    workers.length === 0 ? 'no workers' : renderTable(workerColumns, workerRows),
    ...workers.flatMap(({ name, refuses }) => refuses.map(({ run, reason }) => `${name} refuses ${run}: ${reason}`)),
    ...(unreadable.length === 0 ? [] : [`${unreadable.length} entries of other versions: ${unreadable.join(', ')}`]),
  ];
  return parts.join('\n');
}
