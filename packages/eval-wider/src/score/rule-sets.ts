/** The evaluators whose behaviour is reproduced. */
export type RuleSet = 'python' | 'matlab' | 'matlab-int';

/** All rule sets; docs/wider-protocol.md has the differences as measured. */
export const ruleSets: readonly RuleSet[] = ['python', 'matlab', 'matlab-int'];
