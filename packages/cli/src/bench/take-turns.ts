import type { BenchOptions } from '@retinabench/backends';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';

/** What a bench of configurations in turns runs, whatever it times of each. */
export interface TurnsJob<Configuration> {
  readonly configurations: readonly Configuration[];
  readonly rounds: number;
  readonly roundMs: number;
  readonly pin?: string;
  readonly imageLimitMs?: number;
  /** Digest of the photograph. */
  readonly image: string;
  /** Of all records of this run. */
  readonly benchRun: string;
  readonly outDir: string;
  /** What about the machine makes its times doubtful. */
  readonly warnings: readonly string[];
}

/**
 * Time the configurations of a job in interleaved rounds, with progress. Interrupted, it says that the bench has no result.
 *
 * @param time takes the configurations through the rounds.
 * @throws whatever `time` throws.
 */
export function takeTurns<Result>(
  output: Output,
  { configurations, rounds, roundMs, pin, imageLimitMs }: TurnsJob<unknown>,
  time: (options: Omit<BenchOptions, 'configurations'>) => Promise<Result>,
): Promise<Result> {
  const progress = startProgress(output, configurations.length * (rounds + 2), 'turns');
  return interruptible(
    () => 'a bench that is cut short has no result: run it again',
    (signal) =>
      time({
        rounds,
        roundMs,
        ...(pin === undefined ? {} : { pin }),
        ...(imageLimitMs === undefined ? {} : { imageLimitMs }),
        onProgress: (done) => progress.update(done),
        signal,
      }),
  ).finally(() => progress.stop());
}

/** Say that a configuration could not be measured; the exit code is at least its own. */
export function noteUnmeasured(name: string, { failure, exitCode }: { failure: string; exitCode: number }): void {
  printNote(`not measured: ${name}: ${failure}`);
  process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCode);
}
