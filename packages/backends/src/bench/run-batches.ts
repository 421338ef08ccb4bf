import { BackendError, ModelError } from '@retinabench/core';
import { type LatencyStatistics, quantile, summariseLatency, timeQuantiles } from '@retinabench/results';
import type { DetectionProtocol } from '../detector/protocol.js';
import { BenchProcess } from './bench-process.js';
import { LoadWatch } from './load-watch.js';
import type { BenchInit, BenchReply, BenchRequest } from './messages.js';
import type { BenchOptions } from './run-bench.js';

/** One network, and how many images it is given at once. */
export interface BatchInit extends BenchInit {
  readonly batch: number;
}

/** How batches are timed; as `BenchOptions`. */
export interface BatchOptions extends Omit<BenchOptions, 'configurations'> {
  readonly configurations: readonly BatchInit[];
}

/** Times of one configuration, or why it has none. */
export type BatchResult =
  | {
      readonly init: BatchInit;
      /** Of the network alone, for each image: the time of a batch over its images. */
      readonly perImageMs: LatencyStatistics;
      readonly backendVersion: string;
      readonly protocol: DetectionProtocol;
      readonly pinned: boolean;
      readonly othersShares?: readonly number[];
    }
  | { readonly init: BatchInit; readonly failure: string; readonly exitCode: 2 | 3 };

/**
 * Time networks on several images at once, configurations in turns as `runBench` does: the network alone, without decoding,
 * packing or postprocessing.
 *
 * @returns a result for each configuration, in order; one that takes no such batch does not stop the others.
 * @throws {ModelError}, {BackendError} if all fail, with the reason of the first.
 * @throws the reason of `signal` if it aborts.
 */
export async function runBatches(options: BatchOptions): Promise<BatchResult[]> {
  const { configurations, rounds, roundMs, pin, imageLimitMs, onProgress, signal } = options;
  const contestants = configurations.map((init) => ({
    init,
    process: new BenchProcess(pin),
    samplesMs: [] as number[],
    roundMedians: [] as number[],
    loaded: undefined as Extract<BenchReply, { type: 'batch-loaded' }> | undefined,
    failure: undefined as Extract<BenchReply, { type: 'failed' }> | undefined,
  }));
  try {
    let done = 0;
    const turn = async (
      contestant: (typeof contestants)[number],
      request: BenchRequest,
      runs: number,
    ): Promise<void> => {
      signal?.throwIfAborted();
      if (contestant.failure === undefined) {
        const limit = imageLimitMs === undefined ? undefined : roundMs + imageLimitMs * contestant.init.batch * runs;
        const reply = await contestant.process.ask(request, limit);
        if (reply.type === 'failed') contestant.failure = reply;
        if (reply.type === 'batch-loaded') contestant.loaded = reply;
        if (reply.type === 'batch-sampled') {
          const perImage = reply.samplesMs.map((ms) => ms / contestant.init.batch);
          contestant.samplesMs.push(...perImage);
          contestant.roundMedians.push(quantile(perImage, 0.5));
        }
      }
      onProgress(++done);
    };
    for (const contestant of contestants) {
      // The images alone, and together.
      const { batch, ...init } = contestant.init;
      await turn(contestant, { type: 'load-batch', init, batch }, batch + 1);
      await turn(contestant, { type: 'batch-round', roundMs, minimumRuns: 1 }, 1);
      contestant.samplesMs.length = 0;
      contestant.roundMedians.length = 0;
    }
    const watch = new LoadWatch(contestants.every(({ process }) => process.pinned) ? pin : undefined);
    watch.start();
    const shares: (number | undefined)[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const contestant of contestants) await turn(contestant, { type: 'batch-round', roundMs, minimumRuns: 2 }, 2);
      shares.push(watch.othersShare());
    }
    const known = shares.filter((share) => share !== undefined);
    const results = contestants.map(({ init, process, samplesMs, roundMedians, loaded, failure }): BatchResult => {
      if (failure !== undefined || loaded === undefined) {
        return { init, failure: failure?.message ?? 'it never ran', exitCode: failure?.exitCode ?? 3 };
      }
      return {
        init,
        perImageMs: { ...summariseLatency(samplesMs), quantiles: timeQuantiles(samplesMs), roundMedians },
        backendVersion: loaded.version,
        protocol: loaded.protocol,
        pinned: process.pinned,
        ...(known.length === rounds ? { othersShares: known } : {}),
      };
    });
    const failures = results.filter((result) => 'failure' in result);
    if (failures.length === results.length) {
      const message = `no configuration ran; ${failures[0].init.backend}: ${failures[0].failure}`;
      throw failures[0].exitCode === 2 ? new ModelError(message) : new BackendError(message);
    }
    return results;
  } finally {
    for (const { process } of contestants) process.end();
  }
}
