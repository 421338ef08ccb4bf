import { jsonParts, printable } from '@retinabench/core/basics';

/** Where a command writes: people get tables, machines get JSON, and the two never mix on standard output. */
export interface Output {
  readonly quiet: boolean;
  readonly json: boolean;
  /** What was noted already: `printNoteOnce` prints none of it again. */
  readonly noted?: Set<string>;
}

/** Characters of JSON that are written at once. */
const charactersAtOnce = 1 << 20;

/**
 * Text as it is shown: without control characters and, on a machine of GitHub Actions, without lines that the runner would
 * take for commands of the workflow: names in records and files may begin so.
 */
export function shownText(text: string): string {
  const safe = printable(text);
  if (process.env.GITHUB_ACTIONS !== 'true') return safe;
  return safe.replace(/^(\s*)::/gm, '$1\\::').replaceAll('##[', '## [');
}

/** Commands of the workflow, whose text is escaped already: standard error. */
export function printWorkflowCommands(commands: string): void {
  process.stderr.write(`${printable(commands)}\n`);
}

/** A result for people, such as a table: standard output, or standard error when that is taken by `--json`. */
export function printResult(output: Output, text: string): void {
  (output.json ? process.stderr : process.stdout).write(`${shownText(text)}\n`);
}

/** What a reader should know beside the result: standard error, also under `--quiet`. */
export function printNote(text: string): void {
  process.stderr.write(`${shownText(text)}\n`);
}

/** As printNote, but once for all combinations of a matrix (`outputOfCells`). */
export function printNoteOnce(noted: Set<string> | undefined, text: string): void {
  if (noted?.has(text)) return;
  noted?.add(text);
  printNote(text);
}

/**
 * The machine's copy of the result: one JSON value on standard output, only under `--json`. Control characters that JSON
 * leaves as they are come as the escapes that it has for them, so that the value is the same.
 */
export function printJson(output: Output, value: unknown): void {
  if (!output.json) return;
  let held = '';
  for (const part of jsonParts(value)) {
    held += printable(part);
    if (held.length < charactersAtOnce) continue;
    process.stdout.write(held);
    held = '';
  }
  process.stdout.write(`${held}\n`);
}
