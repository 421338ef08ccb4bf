import { DatasetError } from '@retinabench/core';
import type { Finding } from '@retinabench/results';
import { printNote } from '../terminal/output.js';

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
  for (const { level, code, evidence, effect, fix } of diagnoses) {
    printNote(`${level}: ${code}: ${evidence}\n  effect: ${effect}\n  fix: ${fix}`);
  }
  const standing = diagnoses.filter(({ level, fatal }) => fatal === true || (level === 'error' && !force));
  if (standing.length > 0) {
    const codes = standing.map(({ code }) => code).join(', ');
    const inSpite = standing.some(({ fatal }) => fatal === true) ? '' : ', or --force to score in spite of it';
    throw new DatasetError(
      `${folder}: expected ${what} that can be scored, got: ${codes}; fix: ${standing[0].fix}${inSpite}`,
    );
  }
  return diagnoses.map(({ code, evidence, effect }) => `${code}: ${evidence}; effect: ${effect}`);
}
