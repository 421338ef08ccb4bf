/**
 * The flags of a command as a record has it (`commandLine`), by name without dashes; of one that is given several times the
 * first. A flag without value has the text of the next flag's place, and so is not to be asked for.
 *
 * @param command absent: no flags.
 */
export function commandFlags(command: string | undefined): ReadonlyMap<string, string> {
  const words = [...(command ?? '').matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\'/g, (_, quoted: string | undefined) => quoted ?? "'"),
  );
  const flags = new Map<string, string>();
  words.forEach((word, index) => {
    const [, name, value = words[index + 1]] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined && !flags.has(name)) flags.set(name, value);
  });
  return flags;
}
