/** Whose rule decides what an error is: `clean`, or that of the package tidecv, where an ignored detection is one too. */
export const tideRules = ['clean', 'tidecv'] as const;

export type TideRule = (typeof tideRules)[number];

/** How errors are told apart. */
export interface TideSettings {
  readonly rule: TideRule;
  /** IoU from which a detection finds a face; 0.5 in the paper. */
  readonly foreground: number;
  /** IoU below which a detection is on no face; 0.1 in the paper. */
  readonly background: number;
  /** Most detections of an image that take part, its best ones; absent: all. tidecv takes 100. */
  readonly maxDetections?: number;
}

/** The settings of the paper, with ignored detections never an error. */
export const usualTideSettings: TideSettings = { rule: 'clean', foreground: 0.5, background: 0.1 };
