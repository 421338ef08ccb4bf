import type { Command, Option } from 'commander';

/** Values that a flag takes beside its choices, by the flag: asked for when such a flag is completed. */
export type FlagValues = Readonly<Record<string, () => Promise<readonly string[]>>>;

/**
 * What may stand at the last of `words`: verbs, flags that are not given yet, or values of the flag before it. A list joined by commas is
 * completed at its last part.
 *
 * @param program the program, with the verb of `words` loaded.
 * @param words   after the program's name; the last one, perhaps empty, is being typed.
 * @returns sorted, each beginning with the last word; empty where a file name may be meant.
 */
export async function candidates(program: Command, words: readonly string[], values: FlagValues): Promise<string[]> {
  const typed = words[words.length - 1] ?? '';
  const before = words.slice(0, -1);
  let verb = program;
  for (const word of before) verb = verb.commands.find((command) => command.name() === word) ?? verb;
  const flag = before[before.length - 1];
  const option = verb.options.find(({ long, short }) => flag !== undefined && (long === flag || short === flag));
  if (option !== undefined && (option.required || option.optional)) return ofFlag(option, typed, values);
  if (typed.startsWith('-')) {
    const given = new Set(before.filter((word) => word.startsWith('-')));
    const flags = [...verb.options.map(({ long }) => long), '--help'].filter(
      (long) => long !== undefined && long !== null,
    );
    return beginning(
      flags.filter((long) => !given.has(long)),
      typed,
    );
  }
  return beginning(
    verb.commands.map((command) => command.name()),
    typed,
  );
}

async function ofFlag(option: Option, typed: string, values: FlagValues): Promise<string[]> {
  const known = option.argChoices ?? (await values[option.long ?? '']?.()) ?? [];
  const comma = typed.lastIndexOf(',') + 1;
  return beginning(known, typed.slice(comma)).map((value) => typed.slice(0, comma) + value);
}

function beginning(words: readonly string[], typed: string): string[] {
  return words.filter((word) => word.startsWith(typed)).sort();
}
