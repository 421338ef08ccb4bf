/** Runs over more than one machine. What a library needs is loaded when a queue is opened, not with this module. */
export { parseQueueAddress, type QueueAddress, type ServerKind } from './address/queue-address.js';
export type {
  Engine,
  JobState,
  JobStore,
  JobTaker,
  LockSettings,
  StoredJob,
  TakenJob,
} from './engine/engine.js';
export { type EngineOptions, openEngine } from './engine/open-engine.js';
