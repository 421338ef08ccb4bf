import type { Command } from 'commander';
import { registerCompare } from './compare-command.js';
import { registerExtract } from './extract-command.js';
import { registerFolds } from './folds-command.js';
import { registerIdentify } from './identify-command.js';
import { registerMeta } from './meta-command.js';
import { registerVerify } from './verify-command.js';

/** Register `retinabench ijbc` and its verbs. */
export function registerIjbc(program: Command): void {
  const ijbc = program
    .command('ijbc')
    .description('IJB-B, IJB-C and data sets in their file formats: face verification (1:1) and identification (1:N)');
  registerExtract(ijbc);
  registerVerify(ijbc);
  registerIdentify(ijbc);
  registerCompare(ijbc);
  registerFolds(ijbc);
  registerMeta(ijbc);
}
