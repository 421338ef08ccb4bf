import { startKernel } from './kernel.js';

/** Scoring of pairs that any number of threads work on; everything lies in `memory` at the given byte offsets. */
export interface ScoreJob {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Int32: how many pairs have been taken. */
  readonly taken: number;
  readonly vectors: number;
  readonly vectorBytes: number;
  readonly left: number;
  readonly right: number;
  readonly order: number;
  readonly out: number;
  readonly pairs: number;
}

/** Pairs taken at a time: a few milliseconds of work. */
export const pairsPerTurn = 1 << 15;

/** Take turns of pairs and score them until none is left; every thread of a job runs this. */
export function runScoreJob(job: ScoreJob): void {
  const kernel = startKernel(job.module, job.memory);
  const taken = new Int32Array(job.memory.buffer, job.taken, 1);
  for (;;) {
    const from = Atomics.add(taken, 0, pairsPerTurn);
    if (from >= job.pairs) return;
    const to = Math.min(from + pairsPerTurn, job.pairs);
    kernel.scorePairs(job.vectors, job.vectorBytes, job.left, job.right, job.order, from, to, job.out);
  }
}
