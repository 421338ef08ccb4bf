/** A file to write. */
export interface StarterFile {
  readonly name: string;
  readonly content: string;
}
