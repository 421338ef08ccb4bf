/** The three nested splits of WIDER FACE. */
export type Split = 'easy' | 'medium' | 'hard';

/** The splits from the largest faces to all. */
export const splits: readonly Split[] = ['easy', 'medium', 'hard'];
