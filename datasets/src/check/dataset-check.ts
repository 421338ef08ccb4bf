/** What is wrong with a data set beside single images, and the command that fixes it. */
export interface DatasetProblem {
  readonly what: string;
  readonly fix: string;
}

/** An image that does not decode. */
export interface CorruptImage {
  readonly image: string;
  readonly reason: string;
}

/** What `checkDataset` found. Images are named relative to the image folder, with extension. */
export interface DatasetCheck {
  readonly root: string;
  /** `detection`: WIDER FACE's layout; `verification`: IJB-C's files; `unknown`: neither. */
  readonly kind: 'detection' | 'verification' | 'unknown';
  readonly present: number;
  /** Absent where nothing in the root says which images belong to it. */
  readonly expected?: number;
  readonly missing: readonly string[];
  /** Images that the annotation does not name. */
  readonly unexpected: readonly string[];
  readonly corrupt: readonly CorruptImage[];
  /** Whether every image was decoded. */
  readonly decoded: boolean;
  readonly problems: readonly DatasetProblem[];
  /** Nothing missing, nothing corrupt, no problem. */
  readonly complete: boolean;
}
