import { Command } from 'commander';

/** The program with every verb registered; one folder per verb, each with a `command.ts` that registers it. */
export function buildProgram(): Command {
  const program = new Command('retinabench')
    .description('The benchmark and evaluation suite for face localisation.')
    .version('0.1.0')
    .exitOverride()
    .showHelpAfterError('(add --help for the flags)');
  return program;
}
