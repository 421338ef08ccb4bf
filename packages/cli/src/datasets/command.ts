import type { Command } from 'commander';
import { registerVerbs, type Verb } from '../register-verbs.js';

/** The verbs below `datasets`, in the order of their use. */
const verbs: readonly Verb[] = [
  {
    usage: 'list [options]',
    description: 'the data sets that are known by name, and which are here',
    load: async () => (await import('./list-command.js')).registerDatasetsList,
  },
  {
    usage: 'pull [options] <name>',
    description: 'download a data set into the cache, verified',
    load: async () => (await import('./pull-command.js')).registerDatasetsPull,
  },
  {
    usage: 'check [options] [dir]',
    description: 'what of a data set is complete, missing, corrupt or misplaced, and how to fix it',
    load: async () => (await import('./check-command.js')).registerDatasetsCheck,
  },
  {
    usage: 'convert [options] <in>',
    description: 'annotations or predictions in another form, and what that form cannot hold',
    load: async () => (await import('./convert-command.js')).registerDatasetsConvert,
  },
  {
    usage: 'audit [options]',
    description: 'annotations that several detectors contradict: ranked, drawn, and as COCO for annotating again',
    load: async () => (await import('./audit-command.js')).registerDatasetsAudit,
  },
];

/**
 * Register `retinabench datasets` and its verbs.
 *
 * @param words the words after `datasets`; absent: every verb is loaded.
 */
export async function registerDatasets(program: Command, words?: readonly string[]): Promise<void> {
  await registerVerbs(program.command('datasets'), verbs, words);
}
