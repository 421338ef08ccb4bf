/**
 * The command that makes a result again, quoted for a shell.
 *
 * @param args what follows the program's name.
 */
export function commandLine(args: readonly string[]): string {
  const quoted = args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`));
  return ['npx', 'retinabench', ...quoted].join(' ');
}
