import type { Command } from 'commander';
import { registerVerbs, type Verb } from '../register-verbs.js';

/** The verbs below `ijbc`, in the order of their use. */
const verbs: readonly Verb[] = [
  {
    usage: 'extract [options]',
    description: 'images to features: detect, align to 112 x 112, embed, also mirrored',
    load: async () => (await import('./extract-command.js')).registerExtract,
  },
  {
    usage: 'verify [options]',
    description: '1:1: TAR at FAR 1e-6 ... 1e-1 of features or of scores made by anything',
    load: async () => (await import('./verify-command.js')).registerVerify,
  },
  {
    usage: 'identify [options]',
    description: '1:N: rank-1/5/10 and TPIR at FPIR 0.01 and 0.1 of features',
    load: async () => (await import('./identify-command.js')).registerIdentify,
  },
  {
    usage: 'compare [options]',
    description: 'extract and verify with two detectors, and the paired difference of TAR with its interval',
    load: async () => (await import('./compare-command.js')).registerCompare,
  },
  {
    usage: 'folds [options]',
    description: 'verification in ten folds, as LFW, CFP-FP and AgeDB-30 are reported: accuracy, and TAR at a FAR',
    load: async () => (await import('./folds-command.js')).registerFolds,
  },
  {
    usage: 'meta [options]',
    description: 'templates, pairs, galleries and probes of a folder person/image.jpg, in the file formats of IJB-C',
    load: async () => (await import('./meta-command.js')).registerMeta,
  },
];

/**
 * Register `retinabench ijbc` and its verbs.
 *
 * @param words the words after `ijbc`; absent: every verb is loaded.
 */
export async function registerIjbc(program: Command, words?: readonly string[]): Promise<void> {
  await registerVerbs(program.command('ijbc'), verbs, words);
}
