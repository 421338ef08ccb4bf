import type { Command } from 'commander';

/**
 * Add the flags of `addConfigFlag` to every command below `parent` that reads the configuration and has none of that name.
 *
 * @param verbs those that read it, by their words.
 */
export function addConfigFlags(parent: Command, verbs: ReadonlySet<string>, words: readonly string[] = []): void {
  for (const command of parent.commands) {
    const own = [...words, command.name()];
    const hasFlag = command.options.some(({ long }) => long === '--config');
    if (verbs.has(own.join(' ')) && !hasFlag) addConfigFlag(command);
    addConfigFlags(command, verbs, own);
  }
}

/** Add `--config` and `--no-config`, with the same meaning everywhere. */
export function addConfigFlag(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'defaults of the flags (default: retinabench.json, else the key retinabench of package.json); a flag overrides the environment, which overrides the file, which overrides the built-in default',
    )
    .option('--no-config', 'without the configuration of this folder');
}
