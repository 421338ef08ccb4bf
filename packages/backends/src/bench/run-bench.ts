import { BackendError, ModelError } from '@retinabench/core';
import { countOutliers, type LatencyStatistics, quantile, summariseLatency, timeQuantiles } from '@retinabench/results';
import type { DetectionProtocol } from '../detector/protocol.js';
import { BenchProcess } from './bench-process.js';
import { LoadWatch } from './load-watch.js';
import { type BenchInit, type BenchReply, type BenchRequest, type BenchStage, benchStages } from './messages.js';

/** How long and where a bench runs. */
export interface BenchOptions {
  readonly configurations: readonly BenchInit[];
  /** Rounds; in each, every configuration runs once, so that a drift of the machine hits all alike. */
  readonly rounds: number;
  /** Length of one configuration's share of a round, in milliseconds. */
  readonly roundMs: number;
  /** Processors to pin every process to, as `taskset` names them: `0`, `0,1`. */
  readonly pin?: string;
  /** Longest time of one image, and least of loading a model; absent: no limit. */
  readonly imageLimitMs?: number;
  /** Called after each configuration's share of each round. */
  onProgress(done: number): void;
  readonly signal?: AbortSignal;
}

/** Times of one configuration, or why it has none. */
export type BenchResult =
  | {
      readonly init: BenchInit;
      readonly latencyMs: Readonly<Record<BenchStage, LatencyStatistics>>;
      readonly onceMs: { readonly load: number; readonly firstRun: number };
      readonly backendVersion: string;
      readonly protocol: DetectionProtocol;
      readonly faces: number;
      /** Repetitions of `total` that stand apart (countOutliers). */
      readonly outliers: number;
      /** Of the process; absent where the detector ran in a browser. */
      readonly memoryPeakBytes?: number;
      /** Of the browser's page, where the browser tells. */
      readonly pageMemoryBytes?: number;
      readonly pinned: boolean;
      /** What others took of the processors in each round; absent where the system does not tell. */
      readonly othersShares?: readonly number[];
    }
  | {
      readonly init: BenchInit;
      readonly failure: string;
      /** Of the program: 2 where model and card do not fit, else 3. */
      readonly exitCode: 2 | 3;
    };

/** A configuration's process. */
class Contestant {
  readonly samplesMs: Record<BenchStage, number[]> = { decode: [], resize: [], infer: [], postprocess: [], total: [] };
  /** Median of `total` in each round. */
  readonly roundMediansMs: number[] = [];
  loaded: Extract<BenchReply, { type: 'loaded' }> | undefined;
  failure: Extract<BenchReply, { type: 'failed' }> | undefined;
  memory: Pick<Extract<BenchReply, { type: 'sampled' }>, 'memoryPeakBytes' | 'pageMemoryBytes'> = {};
  readonly #process: BenchProcess;

  constructor(
    readonly init: BenchInit,
    pin: string | undefined,
  ) {
    this.#process = new BenchProcess(pin);
  }

  get pinned(): boolean {
    return this.#process.pinned;
  }

  /** @param limitMs time that the answer may take, after which the process is ended; undefined: no limit. */
  async ask(request: BenchRequest, limitMs?: number): Promise<void> {
    if (this.failure !== undefined) return;
    const reply = await this.#process.ask(request, limitMs);
    if (reply.type === 'failed') this.failure = reply;
    else if (reply.type === 'loaded') this.loaded = reply;
    else if (reply.type === 'sampled') {
      for (const stage of benchStages) this.samplesMs[stage].push(...reply.samplesMs[stage]);
      this.roundMediansMs.push(quantile(reply.samplesMs.total, 0.5));
      const { memoryPeakBytes, pageMemoryBytes } = reply;
      this.memory = { ...(memoryPeakBytes && { memoryPeakBytes }), ...(pageMemoryBytes && { pageMemoryBytes }) };
    }
  }

  end(): void {
    this.#process.end();
  }

  result(othersShares: readonly number[] | undefined): BenchResult {
    const { init, loaded, failure, samplesMs } = this;
    if (failure !== undefined || loaded === undefined || samplesMs.total.length === 0) {
      return { init, failure: failure?.message ?? 'it never ran', exitCode: failure?.exitCode ?? 3 };
    }
    const latencyMs = Object.fromEntries(
      benchStages.map((stage) => [stage, summariseLatency(samplesMs[stage])]),
    ) as Record<BenchStage, LatencyStatistics>;
    return {
      init,
      latencyMs: {
        ...latencyMs,
        total: { ...latencyMs.total, quantiles: timeQuantiles(samplesMs.total), roundMedians: this.roundMediansMs },
      },
      onceMs: { load: loaded.loadMs, firstRun: loaded.firstRunMs },
      backendVersion: loaded.version,
      protocol: loaded.protocol,
      faces: loaded.faces,
      outliers: countOutliers(samplesMs.total),
      ...this.memory,
      pinned: this.pinned,
      ...(othersShares === undefined ? {} : { othersShares }),
    };
  }
}

/**
 * Time configurations against each other: each in a process of its own, one at a time, round by round. Load, first run
 * and steady state are kept apart; the first round warms up and is thrown away.
 *
 * @returns a result for each configuration, in order; one that fails does not stop the others.
 * @throws {ModelError}, {BackendError} if all fail, with the reason of the first.
 * @throws the reason of `signal` if it aborts.
 */
export async function runBench(options: BenchOptions): Promise<BenchResult[]> {
  const { configurations, rounds, roundMs, pin, imageLimitMs, onProgress, signal } = options;
  const contestants = configurations.map((init) => new Contestant(init, pin));
  try {
    let done = 0;
    const turn = async (
      contestant: Contestant,
      request: Extract<BenchRequest, { type: 'load' | 'round' }>,
    ): Promise<void> => {
      signal?.throwIfAborted();
      const steps = request.type === 'load' ? 1 : request.minimumRuns;
      await contestant.ask(
        request,
        imageLimitMs && (request.type === 'load' ? 0 : request.roundMs) + imageLimitMs * steps,
      );
      onProgress(++done);
    };
    for (const contestant of contestants) {
      await turn(contestant, { type: 'load', init: contestant.init });
      await turn(contestant, { type: 'round', roundMs, minimumRuns: 1 });
      for (const samples of Object.values(contestant.samplesMs)) samples.length = 0;
      contestant.roundMediansMs.length = 0;
    }
    const shares: (number | undefined)[] = [];
    const watch = new LoadWatch(contestants.every(({ pinned }) => pinned) ? pin : undefined);
    watch.start();
    for (let round = 0; round < rounds; round++) {
      for (const contestant of contestants) await turn(contestant, { type: 'round', roundMs, minimumRuns: 2 });
      shares.push(watch.othersShare());
    }
    const known = shares.filter((share) => share !== undefined);
    const results = contestants.map((contestant) => contestant.result(known.length === rounds ? known : undefined));
    if (results.every((result) => 'failure' in result)) {
      const [first] = results as Extract<BenchResult, { failure: string }>[];
      const message = `no configuration ran; ${first.init.backend}: ${first.failure}`;
      throw first.exitCode === 2 ? new ModelError(message) : new BackendError(message);
    }
    return results;
  } finally {
    for (const contestant of contestants) contestant.end();
  }
}
