import type { Command } from 'commander';
import { registerWiderDetect } from './detect-command.js';
import { registerWiderLoss } from './loss-command.js';
import { registerWiderMerge } from './merge-command.js';
import { registerWiderPredict } from './predict-command.js';
import { registerScore } from './score-command.js';

/** Register `retinabench wider` and its verbs. */
export function registerWider(program: Command): void {
  const wider = program
    .command('wider')
    .description('WIDER FACE: average precision of a detector, or of predictions made by anything');
  registerWiderDetect(wider);
  registerWiderPredict(wider);
  registerScore(wider);
  registerWiderMerge(wider);
  registerWiderLoss(wider);
}
