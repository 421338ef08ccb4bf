import type { Command } from 'commander';
import { registerScore } from './score-command.js';

/** Register `retinabench wider` and its verbs. */
export function registerWider(program: Command): void {
  const wider = program
    .command('wider')
    .description('WIDER FACE: average precision of a detector, or of predictions made by anything');
  registerScore(wider);
}
