/** What the program's exit code says. */
export const exitCodes = {
  /** Passed, or warned. */
  pass: 0,
  /** A regression was found. Nothing else ends with 1, no failure and no crash. */
  regression: 1,
  /** A flag, a file or a data set is invalid. */
  invalidInput: 2,
  /** A backend, a data set or a permission is missing. */
  environment: 3,
  /** Ended by Ctrl-C; finished work is kept. */
  interrupted: 130,
} as const;

/** End the program with `code` unless that is 0, which anything that fails later overrides. */
export function decideExit(code: number): void {
  if (code !== exitCodes.pass) process.exitCode = code;
}
