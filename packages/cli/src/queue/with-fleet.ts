import { createHash } from 'node:crypto';
import type { BlobServer, Fleet, FleetProgress, RunSetup } from '@retinabench/queue';
import type { Output } from '../terminal/output.js';
import { printNote } from '../terminal/output.js';
import { type ChosenQueue, queueUrl } from './queue-flags.js';

/** A run that goes over a queue. */
export interface FleetRun {
  readonly run: string;
  readonly kind: string;
  readonly title: string;
  readonly conditions: Omit<RunSetup['conditions'], 'cpu'>;
  readonly models: readonly { readonly id: string; readonly bytes: Uint8Array }[];
  readonly details: RunSetup['details'];
  /** The folder of the images. */
  readonly root?: string;
  readonly taskLimitMs?: number;
}

/** A line on how the fleet does. */
export function describeFleet({ workers, slowest, lost, repeated }: FleetProgress): string {
  const parts = [`${workers} ${workers === 1 ? 'worker' : 'workers'}`];
  if (slowest !== undefined) parts.push(`slowest ${slowest.name} ${slowest.imagesPerSecond.toFixed(1)} images/s`);
  if (repeated > 0) parts.push(`${repeated} images given out again`);
  if (lost > 0) parts.push(`${lost} gone silent`);
  return parts.join(', ');
}

/**
 * Let a fleet do a part of a command, and give the run back after it, however it ends.
 *
 * @param onProgress told how the fleet does.
 * @throws {ProtocolError}, {EnvironmentError}, {BackendError} if the queue cannot be used, or another process has the run.
 */
export async function withFleet<Result>(
  output: Output,
  flags: ChosenQueue,
  run: FleetRun,
  { signal, onProgress }: { readonly signal?: AbortSignal; onProgress(progress: FleetProgress): void },
  work: (fleet: Fleet) => Promise<Result>,
): Promise<Result> {
  const { cpuClass, openEngine, openFleet, serveBlobs } = await import('@retinabench/queue');
  const engine = await openEngine(queueUrl(flags.queue), { onNote: printNote });
  let blobs: BlobServer | undefined;
  let fleet: Fleet | undefined;
  let isFinished = false;
  try {
    if (!output.quiet) printNote(`queue: ${engine.description} at ${engine.address.shown}`);
    for (const note of engine.notes) printNote(`queue: ${note}`);
    if (flags.serveImages !== undefined) {
      blobs = await serveBlobs(flags.serveImages);
      if (!output.quiet) printNote(`queue: workers may fetch images and models from ${blobs.source.url}`);
    }
    const models = run.models.map(({ id, bytes }) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      blobs?.offerBytes(sha256, bytes);
      return { id, sha256, bytes: bytes.length };
    });
    fleet = await openFleet({
      engine,
      setup: {
        run: run.run,
        kind: run.kind,
        title: run.title,
        conditions: { ...run.conditions, cpu: cpuClass() },
        allow: flags.allow ?? [],
        lockMs: flags.queueLock * 1000,
        models,
        details: run.details,
        ...(run.taskLimitMs === undefined ? {} : { taskLimitMs: run.taskLimitMs }),
        ...(blobs === undefined ? {} : { source: blobs.source }),
      },
      ...(run.root === undefined ? {} : { root: run.root }),
      ...(flags.unit === undefined ? {} : { unitImages: flags.unit }),
      ...(flags.queueWait === 0 ? {} : { waitMs: flags.queueWait * 1000 }),
      ...(blobs === undefined ? {} : { blobs }),
      onNote: printNote,
      onProgress,
      ...(signal === undefined ? {} : { signal }),
    });
    const result = await work(fleet);
    isFinished = true;
    if (!output.quiet) printNote(fleetSummary(fleet.progress));
    return result;
  } finally {
    await fleet?.close(isFinished);
    await blobs?.close();
    await engine.close().catch(() => undefined);
  }
}

function fleetSummary(progress: FleetProgress): string {
  return `fleet: ${progress.images} images, ${progress.imagesPerSecond.toFixed(1)} images/s, ${describeFleet(progress)}`;
}
