import { DatasetError } from '@retinabench/core';
import type { Diagnosis } from '@retinabench/eval-ijbc';
import { printNote } from '../terminal/output.js';

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
  for (const { level, code, evidence, effect, fix } of diagnoses) {
    printNote(`${level}: ${code}: ${evidence}\n  effect: ${effect}\n  fix: ${fix}`);
  }
  const standing = diagnoses.filter(({ level, fatal }) => fatal === true || (level === 'error' && !force));
  if (standing.length > 0) {
    const codes = standing.map(({ code }) => code).join(', ');
    const inSpite = standing.some(({ fatal }) => fatal === true) ? '' : ', or --force to go on in spite of it';
    throw new DatasetError(
      `ijbc ${verb}: expected input that gives a meaningful number, got: ${codes}; ${standing[0].fix}${inSpite}`,
    );
  }
  return diagnoses.map(({ code, evidence, effect }) => `${code}: ${evidence}; effect: ${effect}`);
}
