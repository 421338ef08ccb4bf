import path from 'node:path';

/** Where records of `retinabench eval` go by default. */
export const recordFolder = path.join('results', 'detection');
