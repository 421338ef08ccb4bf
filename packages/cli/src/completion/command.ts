import { Argument, type Command } from 'commander';
import { candidates } from './candidates.js';
import { completionScripts, type Shell, shells } from './scripts.js';

/** Register `retinabench completion`. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('[shell]', 'whose script is printed').choices([...shells]))
    .argument('[words...]')
    .option('--words', 'what may follow the words after --, a candidate a line; the scripts ask for it')
    .addHelpText(
      'after',
      `
Examples:
  source <(retinabench completion bash)       in ~/.bashrc
  source <(retinabench completion zsh)        in ~/.zshrc, after compinit
  retinabench completion fish | source        in ~/.config/fish/config.fish`,
    )
    .action(async (shell: Shell | undefined) => {
      if (shell === undefined)
        program.commands.find((command) => command.name() === 'completion')?.help({ error: true });
      else process.stdout.write(completionScripts[shell]);
    });
}

/**
 * Answer a shell's question, before the command line is parsed: what is being typed need not be valid.
 *
 * @param words what follows the program's name; the last one is being typed.
 */
export async function printCandidates(program: Command, words: readonly string[]): Promise<void> {
  const found = await candidates(program, words, {
    '--model': async () => {
      const { defaultModelFolders, knownModels } = await import('@retinabench/models/node');
      return (await knownModels(defaultModelFolders())).filter(({ state }) => state !== 'absent').map(({ id }) => id);
    },
    '--backend': async () => (await import('@retinabench/backends')).backendIds,
  });
  process.stdout.write(found.map((word) => `${word}\n`).join(''));
}
