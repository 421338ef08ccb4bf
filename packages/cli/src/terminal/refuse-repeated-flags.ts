import type { Command } from 'commander';

/**
 * Refuse a flag of a command that is given twice with different values: the last would count in silence, and a gate hold a
 * record against another baseline than the first that it was told. For commands that decide; elsewhere a later flag overrides
 * an earlier one, as in most programs. Flags that gather values (their default is a list) and switches may stand as often as
 * they like.
 */
export function refuseRepeatedFlags(command: Command): void {
  for (const option of command.options) {
    if (option.isBoolean() || option.variadic || Array.isArray(option.defaultValue)) continue;
    let given: string | undefined;
    command.on(`option:${option.name()}`, (value: string) => {
      if (given !== undefined && value !== given) {
        command.error(
          `error: option '${option.flags}' is given twice, with ${JSON.stringify(given)} and ${JSON.stringify(value)}; keep one`,
        );
      }
      given = value;
    });
  }
}
