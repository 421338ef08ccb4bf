/**
 * The command that makes a result again, quoted for a shell. Users and passwords in the URLs of queues are left out.
 *
 * @param args what follows the program's name.
 */
export function commandLine(args: readonly string[]): string {
  const quoted = args
    .map(withoutPassword)
    .map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`));
  return ['npx', 'retinabench', ...quoted].join(' ');
}

/** The URL of a queue without its user, its password and its parameters; any other argument as it is. */
function withoutPassword(arg: string): string {
  return arg.replace(/^(--queue=)?(rediss?|postgres(?:ql)?):\/\/(?:.*@)?([^?#]*).*$/is, '$1$2://$3');
}
