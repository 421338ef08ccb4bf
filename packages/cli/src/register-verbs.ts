import type { Command } from 'commander';
import { offerConfig } from './config/config-flag.js';

/**
 * Registers a verb with its parent.
 *
 * @param words the words after the verb on the command line, flags left out; absent: the whole verb is asked for.
 */
export type Register = (parent: Command, words?: readonly string[]) => void | Promise<void>;

/** A verb before its module is loaded: what the help of its parent says of it. */
export interface Verb {
  /** As its parent's help shows it: its name, `[options]` where it has flags of its own, its arguments. */
  readonly usage: string;
  readonly description: string;
  /** Import its module. */
  readonly load: () => Promise<Register>;
}

/**
 * Register `verbs` with `parent`, and load of them only the one that the command line names: the help of the parent
 * reads the table, and pays for no module of a verb (0.5 s of processor time if all are loaded).
 *
 * @param words what follows the parent on the command line, flags left out; absent: load all.
 */
export async function registerVerbs(parent: Command, verbs: readonly Verb[], words?: readonly string[]): Promise<void> {
  for (const { usage, description, load } of verbs) {
    const [name, ...rest] = usage.split(' ');
    if (words === undefined || words[0] === name) {
      const register = await load();
      await register(parent, words?.slice(1));
      const command = parent.commands.find((own) => own.name() === name)?.description(description);
      if (command !== undefined) offerConfig(command);
    } else {
      const hasFlags = rest[0] === '[options]';
      const command = parent.command([name, ...rest.slice(hasFlags ? 1 : 0)].join(' ')).description(description);
      // Stands for all flags of the verb, so that the help shows that there are some.
      if (hasFlags) command.option('--quiet');
    }
  }
}
