/** What is done about annotated images that have no predictions. */
export const missingRules = ['refuse', 'empty', 'leave-out'] as const;

/** One of `missingRules`. */
export type MissingRule = (typeof missingRules)[number];
