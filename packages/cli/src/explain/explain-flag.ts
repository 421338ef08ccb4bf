/**
 * `--explain WORD...` behind any verb asks what words mean, and runs nothing: `wider hard --explain proposals` is
 * `explain proposals`.
 *
 * @param args what follows the program's name.
 * @returns the same where the flag is absent.
 */
export function explainFlag(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--explain');
  return at < 0 ? args : ['explain', ...args.slice(at + 1)];
}
