import type { Command } from 'commander';

/** Add `--only`, the list of those annotated images that are evaluated. */
export function addOnlyFlag(command: Command): Command {
  return command.option(
    '--only <file>',
    'evaluate the annotated images of a list alone: a name a line, with or without extension, as retinabench view saves them',
  );
}
