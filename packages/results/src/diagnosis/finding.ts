/** One thing that is wrong with the input of an evaluation, or that its number cannot say. */
export interface Finding<Code extends string = string> {
  /** Stable, for filters of records. */
  readonly code: Code;
  /** `error` where the number would be meaningless or does not exist. */
  readonly level: 'error' | 'warning';
  /** What was seen and where. */
  readonly evidence: string;
  /** What it does to the number, measured where possible. */
  readonly effect: string;
  /** The flag, or the change to the files, that fixes it. */
  readonly fix: string;
  /** No number can be computed, so that `--force` does not help. */
  readonly fatal?: boolean;
}
