/** Something that is not available here. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
  readonly remedy: string;
}

/** Why things are not available and how to get them, two lines each, for below a table; empty if nothing is missing. */
export function remedies(missing: readonly Missing[]): string[] {
  return missing.flatMap(({ name, reason, remedy }) => [` ${name}: ${reason}`, `   to get it: ${remedy}`]);
}
