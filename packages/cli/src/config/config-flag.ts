import type { Command } from 'commander';
import { configVerbs } from './config-verbs.js';

/** Add the flags of `addConfigFlag` to a command that reads the configuration and has none of that name. */
export function offerConfig(command: Command): void {
  const words: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
  const hasFlag = command.options.some(({ long }) => long === '--config');
  if (Object.hasOwn(configVerbs, words.join(' ')) && !hasFlag) addConfigFlag(command);
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
