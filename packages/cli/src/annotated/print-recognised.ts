import { type Output, printNote } from '../terminal/output.js';

/**
 * Print what was recognised and assumed of annotations and predictions, which decides the numbers as the protocol does: a line each, or
 * one line of all under `--quiet`.
 */
export function printRecognised({ quiet }: Output, recognised: readonly string[]): void {
  if (quiet && recognised.length > 0) printNote(recognised.join('; '));
  else recognised.forEach(printNote);
}
