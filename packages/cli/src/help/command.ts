import type { Command } from 'commander';

/** Register `retinabench help`: of a verb its flags, of a guide its text. */
export function registerHelp(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .description('the flags of a verb (help wider score), or a guide (help gates); alone: both lists')
    .argument('[words...]')
    .action(async (words: readonly string[]) => (await import('./print-help.js')).printHelp(program, words));
}
