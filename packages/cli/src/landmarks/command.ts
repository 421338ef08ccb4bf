import type { Command } from 'commander';
import { registerVerbs, type Verb } from '../register-verbs.js';

/** The verbs below `landmarks`, in the order of their use. */
const verbs: readonly Verb[] = [
  {
    usage: 'score [options]',
    description: 'normalised errors of landmarks made by anything against annotated ones',
    load: async () => (await import('./score-command.js')).registerLandmarkScore,
  },
  {
    usage: 'eval [options]',
    description: 'detect on annotated images and score the landmarks of the faces that are found',
    load: async () => (await import('./eval-command.js')).registerLandmarkEval,
  },
];

/**
 * Register `retinabench landmarks` and its verbs.
 *
 * @param words the words after `landmarks`; absent: every verb is loaded.
 */
export async function registerLandmarks(program: Command, words?: readonly string[]): Promise<void> {
  await registerVerbs(program.command('landmarks'), verbs, words);
}
