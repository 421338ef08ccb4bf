/** Work over worker processes, without runtimes, detectors or image decoding. */
export { mostFailuresAlike } from './failure-streak.js';
export type { TaskFailure } from './messages.js';
export * from './pool.js';
export * from './worker.js';
