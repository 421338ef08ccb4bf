/**
 * Numbers of resamples of the subjects. Two records whose `sha256` and `seed` are equal were drawn alike: draw i of the one
 * and draw i of the other are of the same subjects, so that their differences are paired.
 */
export interface Resampled {
  readonly unit: 'subjects';
  /** Subjects drawn, with replacement, in each resample. */
  readonly units: number;
  /** Those of them that have genuine pairs, or mated probes. */
  readonly deciding: number;
  readonly seed: number;
  /** SHA-256 of what the draws depend on beside the seed: pairs, labels and subjects, or galleries and probes. */
  readonly sha256: string;
  /** By the key of a number, such as `tar.1e-4`, `rank.1` or `tpir.0.01`: one value for each draw, in their order. */
  readonly draws: Readonly<Record<string, readonly number[]>>;
}
