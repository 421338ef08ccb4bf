/** Which pairs of a verification in folds are judged rightly: what a comparison by pair needs. */
export interface FoldPairsResult {
  readonly pairs: number;
  /** A bit for each pair in its order, 1 where it is judged rightly, eight a byte from the lowest bit on, in base64. */
  readonly correct: string;
}
