/** Kinds of maps that are fitted. */
export const scoreMapKinds = ['temperature', 'isotonic'] as const;
