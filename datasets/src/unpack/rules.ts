/** Which entries of an archive go where; entries that no rule names are passed over. */
export interface UnpackRule {
  /** What the entry's name begins with: a folder with its slash, or a whole name. */
  readonly from: string;
  /** What that beginning becomes, below the data set's root. */
  readonly to: string;
}

/** Limits of an archive, against archives that unpack to more than they should. */
export interface UnpackLimits {
  readonly bytes: number;
  readonly entries: number;
}

/** The place of an entry below the root by the first rule that names it, or undefined. */
export function placeEntry(rules: readonly UnpackRule[], entryName: string): string | undefined {
  const rule = rules.find(({ from }) => entryName.startsWith(from));
  return rule && rule.to + entryName.slice(rule.from.length);
}
