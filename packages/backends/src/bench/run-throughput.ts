import { BackendError, DatasetError, ModelError } from '@retinabench/core';
import type { ModelCard } from '@retinabench/models';
import { type LatencyStatistics, summariseLatency } from '@retinabench/results';
import type { DetectionProtocol } from '../detector/protocol.js';
import { runPool } from '../workers/pool.js';

/** What each worker of a throughput run loads. */
export interface ThroughputInit {
  readonly model: { readonly bytes: Uint8Array; readonly card: ModelCard };
  readonly backend: string;
  readonly threads: number;
  readonly asked: Partial<DetectionProtocol>;
}

/** How a throughput run goes. */
export interface ThroughputOptions {
  readonly init: ThroughputInit;
  readonly workers: number;
  /** Image files, taken in turn. */
  readonly files: readonly string[];
  /** Images in all; the files are gone through as often as it takes. */
  readonly images: number;
  /** Longest time of one image; absent: no limit. */
  readonly imageLimitMs?: number;
  onProgress(done: number): void;
  readonly signal?: AbortSignal;
}

/** Throughput of the whole pipeline, file to detections. */
export interface ThroughputResult {
  /** Over the steady part: from the first image done to the last. */
  readonly imagesPerSecond: number;
  /** Time that an image spent in its worker, decoding to detections, waiting for its turn included. */
  readonly latencyMs: LatencyStatistics;
}

/**
 * Detect on many images over worker processes and measure how many pass a second. Starting the workers and loading the
 * model are left out: the clock starts once two images a worker are done.
 *
 * @throws {DatasetError} if an image cannot be detected, or there are too few to measure.
 * @throws {ModelError}, {BackendError} if a worker cannot start, or the network fails on an image.
 */
export async function runThroughput(options: ThroughputOptions): Promise<ThroughputResult> {
  const { init, workers, files, images, imageLimitMs, onProgress, signal } = options;
  const warmup = workers * 2;
  if (files.length === 0 || images <= warmup) {
    throw new DatasetError(
      `throughput: expected more than ${warmup} images for ${workers} workers, got ${images}; raise --images`,
    );
  }
  const doneMs: number[] = [];
  const samplesMs: number[] = [];
  await runPool<ThroughputInit, string, number>({
    module: new URL('./throughput-worker.js', import.meta.url),
    workers,
    init,
    ...(imageLimitMs === undefined ? {} : { taskLimitMs: imageLimitMs }),
    tasks: Array.from({ length: images }, (_, index) => files[index % files.length]),
    onResult: (_, ms) => {
      doneMs.push(performance.now());
      samplesMs.push(ms);
      onProgress(doneMs.length);
    },
    onFailure: (index, { kind, message, exitCode }) => {
      if (kind === 'input') throw new DatasetError(message);
      const text = `${files[index % files.length]}: ${message}`;
      throw exitCode === 2 ? new ModelError(text) : new BackendError(text);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  const steady = doneMs.slice(warmup - 1);
  const elapsedMs = steady[steady.length - 1] - steady[0];
  return {
    imagesPerSecond: ((steady.length - 1) * 1000) / elapsedMs,
    latencyMs: summariseLatency(samplesMs.slice(warmup)),
  };
}
