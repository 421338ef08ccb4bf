import path from 'node:path';

/** Where records of landmarks go by default. */
export const landmarkFolder = path.join('results', 'landmarks');
