/** Work over worker processes, without runtimes, detectors or image decoding. */
export type { TaskFailure } from './messages.js';
export { type PoolOptions, runPool } from './pool.js';
