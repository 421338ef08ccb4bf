/**
 * The module that extracts in a worker process. From `src` (under a test runner) as well as from `dist`, the compiled one is two
 * folders up, in `dist`.
 */
export const extractionWorker: URL = new URL('../../dist/extract/worker.js', import.meta.url);
