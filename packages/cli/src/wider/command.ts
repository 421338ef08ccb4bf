import type { Command } from 'commander';

/** Registers a verb with its parent. */
type Register = (wider: Command) => void;

/** The verbs below `wider` by their names, in the order of their use; scoring alone loads no runtime. */
const verbs: readonly { readonly names: readonly string[]; readonly load: () => Promise<Register> }[] = [
  {
    names: ['easy', 'medium', 'hard', 'all'],
    load: async () => (await import('./detect-command.js')).registerWiderDetect,
  },
  { names: ['predict'], load: async () => (await import('./predict-command.js')).registerWiderPredict },
  { names: ['score'], load: async () => (await import('./score-command.js')).registerScore },
  { names: ['merge'], load: async () => (await import('./merge-command.js')).registerWiderMerge },
  { names: ['loss'], load: async () => (await import('./loss-command.js')).registerWiderLoss },
];

/**
 * Register `retinabench wider` with the verb that the command line names, or with all where it names none that there is.
 *
 * @param verb the word after `wider`.
 */
export async function registerWider(program: Command, verb?: string): Promise<void> {
  const wider = program
    .command('wider')
    .description('WIDER FACE: average precision of a detector, or of predictions made by anything');
  const asked = verbs.filter(({ names }) => verb !== undefined && names.includes(verb));
  for (const { load } of asked.length > 0 ? asked : verbs) (await load())(wider);
}
