import type { Diagnosis } from '@retinabench/eval-ijbc';
import { reportFindings } from '../terminal/report-findings.js';

/**
 * Print what is wrong with the input of a verification or identification, also under `--quiet`, and end the command
 * where it makes the number meaningless.
 *
 * @param verb of the message that ends the command.
 * @param force go on in spite of errors where a number can be computed at all.
 * @returns the diagnoses as the warnings of a record: each begins with its stable code.
 * @throws {DatasetError} if an error stands, after all diagnoses are printed.
 */
export function reportDiagnoses(diagnoses: readonly Diagnosis[], verb: string, force: boolean): string[] {
  return reportFindings(diagnoses, force, ({ codes, fix, fatal }) => {
    const inSpite = fatal ? '' : ', or --force to go on in spite of it';
    return `ijbc ${verb}: expected input that gives a meaningful number, got: ${codes}; ${fix}${inSpite}`;
  });
}
