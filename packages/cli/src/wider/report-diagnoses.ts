import type { Finding } from '@retinabench/results';
import { reportFindings } from '../terminal/report-findings.js';

/**
 * Print what is wrong with predictions, or annotations, and end the command where it makes the number meaningless.
 *
 * @param force go on in spite of errors where a number can be computed at all.
 * @param what  they are of.
 * @returns the diagnoses as the warnings of a record.
 * @throws {DatasetError} if an error stands, after all diagnoses are printed.
 */
export function reportDiagnoses(
  diagnoses: readonly Finding[],
  folder: string,
  force: boolean,
  what = 'predictions',
): string[] {
  return reportFindings(diagnoses, force, ({ codes, fix, fatal }) => {
    const inSpite = fatal ? '' : ', or --force to score in spite of it';
    return `${folder}: expected ${what} that can be scored, got: ${codes}; fix: ${fix}${inSpite}`;
  });
}
