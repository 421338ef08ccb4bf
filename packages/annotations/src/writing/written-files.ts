/** A file that a writer makes: its path below the target, and its text in parts. */
export interface WrittenFile {
  /** Parts joined by `/`; empty where the target itself is the file. */
  readonly name: string;
  readonly parts: Iterable<string>;
}

/** What annotations or predictions become in a form. */
export interface WrittenSet {
  /** Whether the target is one file or a folder of several. */
  readonly kind: 'file' | 'folder';
  readonly files: Iterable<WrittenFile>;
  /** What the form cannot hold; empty if it holds everything. */
  readonly losses: readonly Loss[];
}

/** Something that is not in the written form. */
export interface Loss {
  /** `landmarks`, `crowd flags`, `values of the attribute blur`. */
  readonly what: string;
  readonly count: number;
}

/** Losses in words: `14 landmarks, 3 crowd flags`. */
export function describeLosses(losses: readonly Loss[]): string {
  return losses.map(({ what, count }) => `${count.toLocaleString('en')} ${what}`).join(', ');
}
