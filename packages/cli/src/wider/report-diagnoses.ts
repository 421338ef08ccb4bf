import type { Finding } from '@retinabench/results';
import { reportFindings, type StandingFindings } from '../terminal/report-findings.js';

/**
 * Print what is wrong with predictions, or annotations, and end the command where it makes the number meaningless.
 *
 * @param force go on in spite of errors where a number can be computed at all.
 * @param what  they are of.
 * @param noted what is not to be printed again.
 * @returns the diagnoses as the warnings of a record.
 * @throws {DatasetError} if an error stands, after all diagnoses are printed.
 */
export function reportDiagnoses(
  diagnoses: readonly Finding[],
  folder: string,
  force: boolean,
  what = 'predictions',
  noted?: Set<string>,
): string[] {
  const refuse = ({ codes, fix, fatal }: StandingFindings): string => {
    const inSpite = fatal ? '' : ', or --force to score in spite of it';
    return `${folder}: expected ${what} that can be scored, got: ${codes}; fix: ${fix}${inSpite}`;
  };
  return reportFindings(diagnoses, force, refuse, noted);
}
