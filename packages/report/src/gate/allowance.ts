/** What two records may differ in without failing the gate. */
export type Allowance = 'protocol' | 'dataset' | 'machine';

/** Every allowance. */
export const allowances: readonly Allowance[] = ['protocol', 'dataset', 'machine'];
