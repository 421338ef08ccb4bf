/** Kinds of error that a detection or a face can be, each alone: the main types of TIDE. One class has no error of class. */
export const errorTypes = ['localisation', 'both', 'duplicate', 'background', 'missed'] as const;
export type ErrorType = (typeof errorTypes)[number];

/** TIDE's two totals: what all false positives, and all faces that were not found, cost together. */
export const errorTotals = ['falsePositive', 'falseNegative'] as const;
export type ErrorTotal = (typeof errorTotals)[number];

/** What a detection is; the letters are those of `encodeTypes`. */
export const detectionTypes = {
  /** Found a counted face. */
  hit: 0,
  /** Too far off the face that it overlaps most. */
  localisation: 1,
  /** Overlaps a face well that a better detection has found. */
  duplicate: 2,
  /** On no counted face. */
  background: 3,
  /** None of these; with one class there is none. */
  both: 4,
  /** Went to a face that does not count. */
  ignored: 5,
} as const;

/** A value of `detectionTypes`. */
export type DetectionType = (typeof detectionTypes)[keyof typeof detectionTypes];
