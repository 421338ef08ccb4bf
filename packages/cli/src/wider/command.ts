import type { Command } from 'commander';
import { registerVerbs, type Verb } from '../register-verbs.js';

const detects = (split: string): string =>
  `detect on the data set, and print the AP of the ${split} split (the record holds all three)`;

/** The verbs below `wider`, in the order of their use; scoring alone loads no runtime. */
const verbs: readonly Verb[] = [
  {
    usage: 'easy [options]',
    description: detects('easy'),
    load: async () => (await import('./detect-command.js')).widerDetect('easy'),
  },
  {
    usage: 'medium [options]',
    description: detects('medium'),
    load: async () => (await import('./detect-command.js')).widerDetect('medium'),
  },
  {
    usage: 'hard [options]',
    description: detects('hard'),
    load: async () => (await import('./detect-command.js')).widerDetect('hard'),
  },
  {
    usage: 'all [options]',
    description: 'detect on the data set, and print the AP of all three splits',
    load: async () => (await import('./detect-command.js')).widerDetect('all'),
  },
  {
    usage: 'predict [options]',
    description: 'detect only, and write WIDER FACE submission files',
    load: async () => (await import('./predict-command.js')).registerWiderPredict,
  },
  {
    usage: 'score [options]',
    description: 'AP of a folder of predictions made by anything: <event>/<image>.txt with "x y w h score" lines',
    load: async () => (await import('./score-command.js')).registerScore,
  },
  {
    usage: 'merge [options] <dirs...>',
    description: 'score the shards of one run together',
    load: async () => (await import('./merge-command.js')).registerWiderMerge,
  },
  {
    usage: 'package [options]',
    description: 'check predictions of the test set, and write the archive that its server takes',
    load: async () => (await import('./package-command.js')).registerWiderPackage,
  },
  {
    usage: 'loss [options]',
    description: 'the multi-task loss of a RetinaFace model on annotated images, and where its positive anchors lie',
    load: async () => (await import('./loss-command.js')).registerWiderLoss,
  },
];

/**
 * Register `retinabench wider` and its verbs.
 *
 * @param words the words after `wider`; absent: every verb is loaded.
 */
export async function registerWider(program: Command, words?: readonly string[]): Promise<void> {
  await registerVerbs(program.command('wider'), verbs, words);
}
