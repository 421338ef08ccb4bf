import type { RuleSet } from '@retinabench/eval-wider';
import { ruleSets } from '@retinabench/eval-wider/settings';
import { type Command, Option } from 'commander';
import { type AnalysisFlags, addAnalysisFlags } from '../analysis/analysis-flags.js';
import { addIntervalFlags, type IntervalFlags } from './interval-flags.js';

/** The flags of scoring what a run detected. */
export interface EvaluateFlags extends IntervalFlags, AnalysisFlags {
  readonly gt?: string;
  readonly rules: RuleSet;
  readonly force?: boolean;
  readonly out?: string;
}

/** Add the flags of `EvaluateFlags`. */
export function addEvaluateFlags(command: Command): Command {
  command
    .option('--gt <dir>', 'folder of the ground truth (default: ground_truth in the data set root)')
    .addOption(new Option('--rules <set>', 'whose evaluator is reproduced').choices(ruleSets).default('python'));
  return addAnalysisFlags(addIntervalFlags(command))
    .option('--force', 'score in spite of what the diagnosis of the detections calls an error')
    .option(
      '--out <file>',
      'the record (default: results/wider/<model>-<data set>-<backend>-<hash of all conditions>.json)',
    );
}
