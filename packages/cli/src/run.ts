import { type Command, CommanderError } from 'commander';
import { exitCodes } from './exit.js';
import { Interrupted } from './terminal/interrupt.js';
import { describeLoadFailure, isLoadFailure } from './terminal/load-failure.js';

/**
 * Run the program on `argv` and turn what comes of it into an exit code; a typed error is printed as its message alone,
 * any other with its stack, since it is ours to fix. Only a verdict gives 1: a command sets `process.exitCode` as soon as it
 * has one, and what fails afterwards does not take it back.
 *
 * @returns the exit code (exit.ts).
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(argv as string[]);
    return decidedOr(exitCodes.pass);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.unknownCommand') await printWhere(argv);
      return error.exitCode === 0 ? exitCodes.pass : exitCodes.invalidInput;
    }
    if (isLoadFailure(error)) {
      process.stderr.write(`retinabench: ${describeLoadFailure(error)}\n`);
      return decidedOr(exitCodes.environment);
    }
    // Loaded late: help needs none of it.
    const { isRetinaBenchError } = await import('@retinabench/core/basics');
    const { shownText } = await import('./terminal/output.js');
    if (error instanceof Interrupted) {
      process.stderr.write(`retinabench: ${shownText(error.message)}\n`);
      return exitCodes.interrupted;
    }
    if (isRetinaBenchError(error)) {
      process.stderr.write(`retinabench: ${shownText(error.message)}${guideOf(error.message)}\n`);
      return decidedOr(error.exitCode);
    }
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`retinabench: unexpected failure\n${shownText(shown)}\n`);
    return decidedOr(exitCodes.environment);
  }
}

/** Say where a word leads that is no verb, if it is the first. */
async function printWhere(argv: readonly string[]): Promise<void> {
  const word = argv.slice(2).find((own) => !own.startsWith('-'));
  if (word === undefined) return;
  const { buildProgram } = await import('./program.js');
  const { unknownVerbHint } = await import('./explain/unknown-verb.js');
  const hint = unknownVerbHint(await buildProgram(), word);
  const { shownText } = await import('./terminal/output.js');
  if (hint !== undefined) process.stderr.write(`${shownText(hint)}\n`);
}

/** The exit code that the command has decided, unless that is 0 and something failed since. */
function decidedOr(code: number): number {
  return typeof process.exitCode === 'number' && process.exitCode !== exitCodes.pass ? process.exitCode : code;
}

/** How to read the guide that a message names, where it was installed without the workspace. */
function guideOf(message: string): string {
  const [, guide] = /\bdocs\/([a-z-]+)\.md/.exec(message) ?? [];
  return guide === undefined ? '' : ` (retinabench help ${guide} prints it)`;
}
