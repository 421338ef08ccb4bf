/** Work over worker processes, without runtimes, detectors or image decoding. */
export * from './pool.js';
export * from './worker.js';
