// What a fault script expects, and its verdict.

const faults = [];
let held = 0;

/** Say whether an expectation holds; one that does not ends the script with 1. */
export function expect(what, holds, detail = '') {
  console.log(`${holds ? 'ok   ' : 'FAULT'} ${what}`);
  if (holds) held++;
  else faults.push(`${what}: ${String(detail).trim()}`);
  return holds;
}

/** Say that a part cannot be run here, and why. */
export function skip(what, why) {
  console.log(`skip  ${what}: ${why}`);
}

/**
 * Expect that a command refused or failed as it should: exit code 3 and one sentence, no stack, that says `pattern`.
 *
 * @param notes lines of standard error that are no part of the error, such as which data set it is.
 */
export function expectEnvironmentError(what, { status, stderr }, pattern) {
  const lines = stderr.split('\n').filter((line) => line.startsWith('retinabench: '));
  const clear = lines.length === 1 && pattern.test(lines[0]) && !/\n {4}at /.test(stderr);
  return expect(
    `${what}: exit code 3, one line that says what and what next`,
    status === 3 && clear,
    `${status}: ${stderr}`,
  );
}

/** Print the verdict and set the exit code. */
export function conclude(summary = '') {
  console.log(
    `${summary}${summary === '' ? '' : '; '}${held} of ${held + faults.length} expectations, ${faults.length} faults`,
  );
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
