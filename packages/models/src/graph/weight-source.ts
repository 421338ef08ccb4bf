/**
 * Where a network's weights come from: a checkpoint, or a seeded generator. Asking for a tensor states what the
 * architecture expects, so that every mismatch is found while the graph is built.
 */
export interface WeightSource {
  /**
   * The tensor `name`.
   *
   * @param role what it is for, which decides its start value and whether it counts as a parameter (statistics of batch
   * normalisation do not).
   * @returns product(dims) elements, row-major; shared, not to be written to.
   * @throws {ModelError} if there is none, or its dimensions differ.
   */
  take(name: string, dims: readonly number[], role: WeightRole): Float32Array;
  /** Number of trainable parameters taken so far. */
  readonly parameters: number;
}

/** What a tensor is for. */
export type WeightRole =
  | 'weight'
  /** Of a convolution whose output is the network's answer. */
  | 'head-weight'
  | 'bias'
  /** Of class logits, background and face in turn. */
  | 'class-bias'
  | 'norm-scale'
  /** Of the last normalisation of a residual branch. */
  | 'norm-scale-residual'
  | 'norm-shift'
  | 'norm-mean'
  | 'norm-variance'
  | 'constant';

/** Whether tensors of a role count as parameters: statistics and constants do not. */
export function isTrainable(role: WeightRole): boolean {
  return role !== 'norm-mean' && role !== 'norm-variance' && role !== 'constant';
}
