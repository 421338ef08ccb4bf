import { DatasetError } from '@retinabench/core/basics';
import type { Finding } from '@retinabench/results';
import { printNoteOnce } from './output.js';

/** What the error of a command that ends says of the findings that end it. */
export interface StandingFindings {
  /** Their codes, joined by commas. */
  readonly codes: string;
  /** What corrects the first of them. */
  readonly fix: string;
  /** Whether one of them leaves no number to compute, so that nothing forces the command on. */
  readonly fatal: boolean;
}

/**
 * Print findings, also under `--quiet`, and end the command where they make the number meaningless.
 *
 * @param force  go on in spite of errors where a number can be computed at all.
 * @param refuse the message of the error that ends the command.
 * @param noted  what is not to be printed again.
 * @returns the findings as the warnings of a record: each begins with its stable code.
 * @throws {DatasetError} if an error stands, after all findings are printed.
 */
export function reportFindings(
  findings: readonly Finding[],
  force: boolean,
  refuse: (standing: StandingFindings) => string,
  noted?: Set<string>,
): string[] {
  for (const { level, code, evidence, effect, fix } of findings) {
    printNoteOnce(noted, `${level}: ${code}: ${evidence}\n  effect: ${effect}\n  fix: ${fix}`);
  }
  const standing = findings.filter(({ level, fatal }) => fatal === true || (level === 'error' && !force));
  if (standing.length > 0) {
    const codes = standing.map(({ code }) => code).join(', ');
    const fatal = standing.some((finding) => finding.fatal === true);
    throw new DatasetError(refuse({ codes, fix: standing[0].fix, fatal }));
  }
  return findings.map(({ code, evidence, effect }) => `${code}: ${evidence}; effect: ${effect}`);
}
