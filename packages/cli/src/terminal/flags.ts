import { type Command, InvalidArgumentError } from 'commander';
import type { Output } from './output.js';

/** The flags of every command that prints a result. */
export interface OutputFlags {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Add `--quiet` and `--json`, with the same meaning everywhere. */
export function addOutputFlags(command: Command): Command {
  return command
    .option('--quiet', 'no progress')
    .option('--json', 'the result as JSON on standard output, everything else on standard error');
}

/** The output that the flags ask for. */
export function outputOf(flags: OutputFlags): Output {
  return { quiet: flags.quiet === true, json: flags.json === true };
}

/** Parse the value of a flag that takes a whole number of at least `minimum`, and at most `maximum`. */
export function wholeNumber(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < minimum || value.trim() === '') {
      throw new InvalidArgumentError(`expected a whole number of at least ${minimum}.`);
    }
    if (number > maximum) throw new InvalidArgumentError(`expected a whole number of at most ${maximum}.`);
    return number;
  };
}

/** Parse the value of a flag that takes a number from `minimum` to `maximum`. */
export function numberBetween(minimum: number, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !(number >= minimum && number <= maximum)) {
      throw new InvalidArgumentError(`expected a number from ${minimum} to ${maximum}.`);
    }
    return number;
  };
}
