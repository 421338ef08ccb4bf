/** Where misses and false positives are counted if nothing else is asked for. */
export const defaultAtScore = 0.5;
