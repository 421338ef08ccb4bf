import { Worker } from 'node:worker_threads';
import { BackendError } from '@retinabench/core';
import type { PairIndices } from '../template/resolve-pairs.js';
import type { Templates } from '../template/templates.js';
import { dot } from './dot.js';
import { allocateKernelMemory, loadKernelModule } from './kernel.js';
import { orderPairs } from './order-pairs.js';
import { pairsPerTurn, runScoreJob, type ScoreJob } from './score-job.js';

/** How pairs are scored; nothing here changes a score. */
export interface ScoreOptions {
  /** `wasm` (default) falls back to `scalar` where the job does not fit into the memory of WebAssembly. */
  readonly kernel?: 'wasm' | 'scalar';
  /** Threads; a job of few pairs stays on the calling thread. */
  readonly threads?: number;
  /** Called now and then with the number of pairs scored. */
  readonly onPairs?: (pairs: number) => void;
}

/** Multiplications under which starting a thread costs more than it saves. */
const smallJob = 1 << 26;

/**
 * Score pairs of templates: the dot product of their features in float64.
 *
 * @returns Float64Array [pairs], in the order of the pairs; every kernel and number of threads gives the same bits.
 * @throws {BackendError} if a thread fails.
 * Cost: pairs x dimensions multiplications, two at a time and four pairs side by side; memory for templates, scores
 * and 12 bytes a pair. Pairs are scored block by block of templates (orderPairs), not in the order given.
 * Source: spec of the public IJB scripts; float64 because float32 scores tie and move TAR by 5e-5.
 */
export async function scorePairs(
  templates: Templates,
  pairs: PairIndices,
  options: ScoreOptions = {},
): Promise<Float64Array> {
  const { kernel = 'wasm', threads = 1, onPairs = () => undefined } = options;
  const job = kernel === 'wasm' ? prepareJob(templates, pairs) : undefined;
  if (job === undefined) return scoreScalar(templates, pairs);
  if (threads === 1 || pairs.left.length * templates.dimensions < smallJob) runScoreJob(job);
  else await runThreads(job, threads, onPairs);
  return new Float64Array(job.memory.buffer, job.out, job.pairs);
}

function scoreScalar({ vectors, dimensions }: Templates, { left, right }: PairIndices): Float64Array {
  const scores = new Float64Array(left.length);
  for (let i = 0; i < left.length; i++) {
    scores[i] = dot(vectors, left[i] * dimensions, vectors, right[i] * dimensions, dimensions);
  }
  return scores;
}

function prepareJob(templates: Templates, pairs: PairIndices): ScoreJob | undefined {
  const { count, dimensions } = templates;
  const stride = dimensions + (dimensions & 1);
  const pairCount = pairs.left.length;
  const taken = 0;
  const vectors = 64;
  const vectorBytes = stride * 8;
  const out = vectors + count * vectorBytes;
  const left = out + pairCount * 8;
  const right = left + pairCount * 4;
  const order = right + pairCount * 4;
  const memory = allocateKernelMemory(order + pairCount * 4);
  if (memory === undefined) return undefined;

  const target = new Float64Array(memory.buffer, vectors, count * stride);
  if (stride === dimensions) target.set(templates.vectors);
  else {
    for (let i = 0; i < count; i++) {
      target.set(templates.vectors.subarray(i * dimensions, (i + 1) * dimensions), i * stride);
    }
  }
  new Int32Array(memory.buffer, left, pairCount).set(pairs.left);
  new Int32Array(memory.buffer, right, pairCount).set(pairs.right);
  orderPairs(pairs.left, pairs.right, count, vectorBytes, new Uint32Array(memory.buffer, order, pairCount));
  return { module: loadKernelModule(), memory, taken, vectors, vectorBytes, left, right, order, out, pairs: pairCount };
}

async function runThreads(job: ScoreJob, threads: number, onPairs: (pairs: number) => void): Promise<void> {
  const taken = new Int32Array(job.memory.buffer, job.taken, 1);
  const watch = setInterval(() => onPairs(Math.min(Atomics.load(taken, 0), job.pairs)), 200);
  const useful = Math.min(threads, Math.ceil(job.pairs / pairsPerTurn));
  try {
    await Promise.all(Array.from({ length: useful }, () => runThread(job)));
  } finally {
    clearInterval(watch);
  }
  onPairs(job.pairs);
}

function runThread(job: ScoreJob): Promise<void> {
  return new Promise((resolve, reject) => {
    // From `src` (under a test runner) as well as from `dist`, the compiled worker is two folders up, in `dist`.
    const worker = new Worker(new URL('../../dist/score/score-worker.js', import.meta.url), { workerData: job });
    worker.once('error', (cause) => {
      reject(new BackendError(`scoring thread failed (${cause.message}); try --threads 1`, { cause }));
    });
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new BackendError(`scoring thread ended with code ${code}; try --threads 1`));
    });
  });
}
