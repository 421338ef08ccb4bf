import { seededRandom } from '@retinabench/core';
import type { Pairing, PairSet, SubjectResampling, ThresholdRule } from '@retinabench/eval-ijbc';
import { thresholdRules } from '@retinabench/eval-ijbc/settings';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../terminal/flags.js';
import { printNote } from '../terminal/output.js';

/** The flags that say how subjects are resampled. */
export interface ResamplingFlags {
  readonly interval: boolean;
  readonly resamples: number;
  readonly seed: number;
}

/** Add the flags of resampling. */
export function addResamplingFlags(command: Command): Command {
  return command
    .option('--no-interval', 'leave out the 95 % intervals over subjects, and with them what paired gates need')
    .option('--resamples <n>', 'resamples of the subjects', wholeNumber(2, 1_000_000), 200)
    .option('--seed <n>', 'seed of the resampling; records are paired only if theirs are equal', wholeNumber(0), 1);
}

/** The flags that say how pairs are compared and judged. */
export interface VerificationFlags extends ResamplingFlags {
  readonly pairs: Pairing;
  readonly rule: ThresholdRule;
  readonly groups?: string;
  readonly by?: readonly string[];
  /** Go on in spite of errors where a number can be computed. */
  readonly force?: boolean;
}

/** Add the flags of a verification. */
export function addVerificationFlags(command: Command): Command {
  return addResamplingFlags(command)
    .addOption(
      new Option('--pairs <which>', 'those of the pair list, or every image its own template and all pairs')
        .choices(['file', 'all-images'])
        .default('file'),
    )
    .addOption(
      new Option('--rule <rule>', 'which table is printed; the record holds all')
        .choices(thresholdRules)
        .default('nearest'),
    )
    .option(
      '--groups <file>',
      'a .csv with TEMPLATE_ID or FILENAME and columns such as gender: FNMR and FMR of each group at the thresholds of all',
    )
    .option(
      '--by <column>',
      'a column of --groups; may stand often (default: all with 2 to 20 values)',
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option('--force', 'write the record in spite of errors, which then stand among its warnings');
}

/** Intervals, if they are asked for and there are subjects to resample. */
export function subjectResampling(
  { pairs, subjects }: Pick<PairSet, 'pairs' | 'subjects'>,
  { interval, resamples, seed }: VerificationFlags,
): SubjectResampling | undefined {
  if (!interval) return undefined;
  if (subjects.count < 2) {
    printNote('no intervals: the genuine pairs join all templates into one subject');
    return undefined;
  }
  return { pairs, subjects, resamples, random: seededRandom(seed) };
}
