/** Work over worker processes, without runtimes, detectors or image decoding. */
export { FailureStreak } from './failure-streak.js';
export type { TaskFailure } from './messages.js';
export { type OpenCrew, type OpenCrewOptions, openCrew, type TaskOutcome } from './open-crew.js';
export { type PoolOptions, runPool } from './pool.js';
export { SpareWorkers } from './spare-workers.js';
