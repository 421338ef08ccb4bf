import { type Command, Option } from 'commander';
import { wholeNumber } from '../terminal/flags.js';
import { printNote } from '../terminal/output.js';

/** The flags of intervals. */
export interface IntervalFlags {
  readonly interval: boolean;
  readonly resamples?: number;
  readonly seed?: number;
}

/**
 * Add the flags of `IntervalFlags`. `--resamples` and `--seed`, of the time when intervals were drawn at random, are still
 * taken and change nothing.
 */
export function addIntervalFlags(command: Command): Command {
  return command
    .option('--no-interval', 'leave out the 95 % intervals')
    .addOption(new Option('--resamples <n>', 'no effect').argParser(wholeNumber(2)).hideHelp())
    .addOption(new Option('--seed <n>', 'no effect').argParser(wholeNumber(0)).hideHelp());
}

/** Say on standard error which of the flags have no effect. */
export function noteFlagsWithoutEffect({ resamples, seed }: IntervalFlags): void {
  const given = [resamples === undefined ? [] : ['--resamples'], seed === undefined ? [] : ['--seed']].flat();
  if (given.length > 0) {
    printNote(`note: ${given.join(' and ')} changed nothing: intervals of AP are computed without drawing at random`);
  }
}
