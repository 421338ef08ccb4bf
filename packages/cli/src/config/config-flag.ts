import type { Command } from 'commander';

/** Add `--config` and `--no-config`, with the same meaning everywhere. */
export function addConfigFlag(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'defaults of the flags (default: retinabench.json, else the key retinabench of package.json); a flag overrides the environment, which overrides the file, which overrides the built-in default',
    )
    .option('--no-config', 'without the configuration of this folder');
}
