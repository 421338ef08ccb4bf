import { BackendError, ModelError, seededRandom } from '@retinabench/core';
import { quantile } from '@retinabench/results';
import type { DetectionProtocol } from '../detector/protocol.js';
import { poissonArrivals, steadyArrivals } from './arrivals.js';
import { BenchProcess } from './bench-process.js';
import { LoadWatch } from './load-watch.js';
import type { BenchInit, BenchReply, BenchRequest } from './messages.js';
import type { ArrivalPlan, ServedArrivals } from './serve-arrivals.js';
import { findServerRate, mostLateOf } from './server-rate.js';

/** How images come to the detector. */
export type Scenario =
  /** Queries of many users, at the highest Poisson rate whose latency holds the bound at p99. */
  | { readonly kind: 'server'; readonly boundMs: number; readonly queries: number; readonly seed: number }
  /** Frames of a camera; one that comes while another is worked on is dropped, one that takes longer than a frame is late. */
  | { readonly kind: 'stream'; readonly framesPerSecond: number; readonly frames: number };

/** How a scenario is run on one configuration. */
export interface ScenarioOptions {
  readonly init: BenchInit;
  readonly scenario: Scenario;
  /** Length of the run before, which warms up and measures the capacity, in milliseconds. */
  readonly warmUpMs: number;
  readonly pin?: string;
  /** Longest time of one image; absent: no limit. */
  readonly imageLimitMs?: number;
  /** Called after each run: of a search one a trial. */
  onProgress(done: number): void;
  readonly signal?: AbortSignal;
}

/** What a configuration did in a scenario. */
export interface ScenarioResult {
  readonly served: ServedArrivals;
  /** `server`: the rate that holds the bound; 0 where none does. */
  readonly perSecond?: number;
  readonly backendVersion: string;
  readonly protocol: DetectionProtocol;
  readonly faces: number;
  readonly pinned: boolean;
  /** Share of the processors that others took meanwhile; absent where the system does not tell. */
  readonly othersShare?: number;
}

/**
 * Run one configuration, in a process of its own, as images come to it. Each is decoded and detected, one at a time; a
 * latency begins when the image was due, waiting included.
 *
 * @throws {ModelError}, {BackendError} if the configuration fails.
 * @throws the reason of `signal` if it aborts.
 * Source: MLPerf Inference (arXiv:1911.02549), section V: Server, and multiple streams with one image a query.
 */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioResult> {
  const { init, scenario, warmUpMs, pin, imageLimitMs, onProgress, signal } = options;
  const subject = new BenchProcess(pin);
  const abort = (): void => subject.end();
  signal?.addEventListener('abort', abort);
  try {
    const ask = async (request: BenchRequest, images: number): Promise<Exclude<BenchReply, { type: 'failed' }>> => {
      signal?.throwIfAborted();
      const limit = imageLimitMs === undefined ? undefined : imageLimitMs * images + lengthOf(request);
      const reply = await subject.ask(request, limit);
      signal?.throwIfAborted();
      if (reply.type !== 'failed') return reply;
      const text = `${init.model.card.id} on ${init.backend}: ${reply.message}`;
      throw reply.exitCode === 2 ? new ModelError(text) : new BackendError(text);
    };
    const loaded = await ask({ type: 'load', init }, 1);
    await ask({ type: 'round', roundMs: warmUpMs, minimumRuns: 1 }, 1);
    const sampled = await ask({ type: 'round', roundMs: warmUpMs, minimumRuns: 3 }, 3);
    if (loaded.type !== 'loaded' || sampled.type !== 'sampled')
      throw new BackendError('bench worker: answered another');
    const watch = new LoadWatch(subject.pinned ? pin : undefined);
    watch.start();
    let runs = 0;
    const serve = async (plan: ArrivalPlan): Promise<ServedArrivals> => {
      const reply = await ask({ type: 'serve', plan }, plan.arrivalsMs.length);
      if (reply.type !== 'served') throw new BackendError(`bench worker: expected what was served, got ${reply.type}`);
      onProgress(++runs);
      return reply.served;
    };
    const measured = await measure(scenario, 1000 / quantile(sampled.samplesMs.total, 0.5), serve);
    const othersShare = watch.othersShare();
    return {
      ...measured,
      backendVersion: loaded.version,
      protocol: loaded.protocol,
      faces: loaded.faces,
      pinned: subject.pinned,
      ...(othersShare === undefined ? {} : { othersShare }),
    };
  } finally {
    signal?.removeEventListener('abort', abort);
    subject.end();
  }
}

async function measure(
  scenario: Scenario,
  capacity: number,
  serve: (plan: ArrivalPlan) => Promise<ServedArrivals>,
): Promise<Pick<ScenarioResult, 'served' | 'perSecond'>> {
  if (scenario.kind === 'stream') {
    const { framesPerSecond, frames } = scenario;
    const arrivalsMs = steadyArrivals(framesPerSecond, frames);
    return { served: await serve({ arrivalsMs, boundMs: 1000 / framesPerSecond, whileBusy: 'drop' }) };
  }
  const { boundMs, queries, seed } = scenario;
  const mostLate = mostLateOf(queries) ?? 0;
  return findServerRate(capacity, (perSecond) =>
    // The same draws at every rate: the rates differ, not the luck.
    serve({
      arrivalsMs: poissonArrivals(perSecond, queries, seededRandom(seed)),
      boundMs,
      whileBusy: 'wait',
      mostLate,
    }),
  );
}

/** What a request takes even where the detector takes no time. */
function lengthOf(request: BenchRequest): number {
  if (request.type === 'round') return request.roundMs;
  return request.type === 'serve' ? (request.plan.arrivalsMs.at(-1) ?? 0) : 0;
}
