/**
 * The next step after a file could not be written, for the message of the error.
 *
 * @param cause     what the system said.
 * @param otherwise the step where it is not a full disk.
 */
export function writeAdvice(cause: unknown, otherwise: string): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'make room and run the same command again' : otherwise;
}
