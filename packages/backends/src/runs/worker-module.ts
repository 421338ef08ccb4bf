/**
 * The module that detects in a worker process. From `src` (under a test runner) as well as from `dist`, the compiled one is two
 * folders up, in `dist`.
 */
export const detectionWorker: URL = new URL('../../dist/runs/worker.js', import.meta.url);
